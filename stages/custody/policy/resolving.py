"""What an unquoted word stands for: YAML 1.2's core schema, but for what other versions of YAML read otherwise."""

from __future__ import annotations

import math
import re
from typing import Any, Final

DIGITS: Final = 18
"""A longer whole number does not fit 64 bits everywhere."""
_NULL: Final = frozenset({"~", "null", "Null", "NULL", ""})
_TRUE: Final = frozenset({"true", "True", "TRUE"})
_FALSE: Final = frozenset({"false", "False", "FALSE"})
_INT: Final = re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$")
_FLOAT: Final = re.compile(r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$")
_DATE: Final = re.compile(r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?$")
_DOUBTFUL: Final = re.compile(
    r"^[-+]?(?:0[0-9_]+|0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*_[0-9_.]*|\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
)


def is_date(text: str) -> bool:
    """Say whether some read a day, and others a text."""
    return _DATE.match(text) is not None


def is_doubtful(text: str) -> bool:
    """Say whether versions of YAML read another number, or it is larger than every reader holds."""
    return _DOUBTFUL.match(text) is not None or _beyond(text)


def resolved(text: str) -> Any:
    """Return the value of a word that is neither a date nor doubtful."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


def _beyond(text: str) -> bool:
    if _INT.match(text):
        return len(text.lstrip("+-")) > DIGITS
    return bool(_FLOAT.match(text)) and math.isinf(float(text))
