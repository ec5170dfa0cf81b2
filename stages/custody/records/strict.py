"""JSON that every reader takes for the same."""

from __future__ import annotations

import json
from typing import Any


def strict_json(text: bytes) -> Any:
    """Read JSON in UTF-8; `ValueError` for another encoding, duplicate keys and what is no number."""
    return json.loads(text.decode(), object_pairs_hook=_closed, parse_constant=_no_constant)


def _closed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_constant(_: str) -> float:
    raise ValueError("not a number")
