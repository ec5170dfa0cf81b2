"""Patterns that find texts in which base64 may hold a name; what they find is decoded (`base64`) and searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.privacy.text.runs import LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_A = r"[A-Za-z0-9+/_-]"
_PRINTED = frozenset(range(ord(" "), 0x7F))
_TEXT = frozenset([*b"\t\r\n", *_PRINTED])
_ANY, _CONTINUED, _ZERO = frozenset(range(256)), frozenset(range(0x80, 0xC0)), frozenset([0])
_HALF = 64


def _class(sextets: Iterable[int]) -> str:
    """Return a pattern for one character of these values."""
    chosen = sorted(set(sextets))
    if len(chosen) == len(LETTERS):
        return _A
    others = (r"\-" if chr(LETTERS[i]) == "+" else "_" for i in chosen if chr(LETTERS[i]) in "+/")
    return "[" + "".join([chr(LETTERS[i]) for i in chosen] + [*others]) + "]"


def _spelled(*sets: frozenset[int], then: frozenset[int] = _ANY) -> list[str]:
    """Return patterns for the characters of bytes out of these sets, before a byte out of `then`."""
    byte = [*sets, then]
    classes = []
    for bit in range(0, 8 * len(sets), 6):
        first, inside = divmod(bit, 8)
        pairs = {(one << 8 | other) >> (10 - inside) & 63 for one in byte[first] for other in byte[first + 1]}
        classes.append(_class(pairs))
    return classes


def _joined(classes: Sequence[str]) -> str:
    return "".join(classes)


_LOW, _HIGH = frozenset(i for i in _TEXT if i < _HALF), frozenset(i for i in _TEXT if i >= _HALF)
_THREE = f"(?:{_joined(_spelled(_TEXT, _TEXT, _LOW))}|{_joined(_spelled(_TEXT, _TEXT, _HIGH))})"
_TWO_LEFT, _ONE_LEFT = _joined(_spelled(_TEXT, _TEXT, then=_ZERO)), _joined(_spelled(_TEXT, then=_ZERO))
_END = "(?:[^A-Za-z0-9]|$)"
_WIDE = _joined(_spelled(_ZERO, _PRINTED, _ZERO))
PROBE = f"{_THREE}(?:{_THREE}|{_TWO_LEFT}{_END}|{_ONE_LEFT}{_END})|{_WIDE}"
"""Finds every text that may hold base64 of six characters of ASCII text in a row, or of the last four and more; or
of four such characters in UTF-16, where they stand between NULs."""


def probe(leads: bytes) -> str:
    """Return `PROBE`, also for names with characters whose UTF-8 begins with one of `leads`."""
    others = [
        _joined(_spelled(*[_ANY] * before, frozenset([lead]), _CONTINUED))
        for lead in sorted(set(leads))
        for before in range(3)
    ]
    return "|".join([PROBE, *others])
