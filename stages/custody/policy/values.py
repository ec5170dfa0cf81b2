"""How the policy writes a value of each type of column."""

from __future__ import annotations

import ipaddress
import math
import unicodedata
from typing import TYPE_CHECKING

from custody.policy.quality import instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from custody.policy.schema import FieldType

NUMERIC = frozenset({"number", "integer"})
TIME = frozenset({"timestamp"})


def reads(text: str, kind: FieldType) -> bool:
    """True where a text is a value of this type, written as collect standardizes it."""
    try:
        return _READS.get(kind, _reads_text)(text)
    except (ValueError, OverflowError):
        return False


def _reads_text(text: str) -> bool:
    return unicodedata.normalize("NFC", text).strip() == text


def _reads_lowered(text: str) -> bool:
    return _reads_text(text) and text.lower() == text


_READS: dict[FieldType, Callable[[str], bool]] = {
    "timestamp": lambda text: instant(text) is not None,
    "number": lambda text: math.isfinite(float(text)),
    "integer": lambda text: -(2**63) <= int(text) < 2**63,
    "boolean": lambda text: text in {"true", "false"},
    "ip": lambda text: str(ipaddress.ip_address(text)) == text,
    "email": _reads_lowered,
    "host": _reads_lowered,
    "mac": _reads_lowered,
}
