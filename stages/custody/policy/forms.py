"""The forms of words that the policy and what is made under it share; a pattern is for the whole of a text."""

from __future__ import annotations

import datetime as dt
from typing import Final

ID: Final = r"^[a-z][a-z0-9_-]{0,62}$"
FIELD: Final = r"^[a-z][a-z0-9_]{0,62}$"
SHA256: Final = r"^[0-9a-f]{64}$"
CHECK: Final = r"^[0-9a-f]{16}$"
"""Fingerprint of a zone's secret."""
LONGEST: Final = 1000
"""Characters of a text."""


def is_day(text: str) -> bool:
    """Say whether a text is a day as in `2026-11-01`: `20261101` is one too, and days compare as texts."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
