"""Checks of plain values, where models would take longer to start: each finds the first place that is wrong.

A place is the keys that lead to it, as a model of the same form names it; None says that nothing is wrong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from custody.policy.forms import ID, LONGEST, is_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Place: TypeAlias = "tuple[str, ...] | None"
Check: TypeAlias = "Callable[[Any], Place]"


def when(holds: Callable[[Any], bool]) -> Check:
    """Take what `holds` is true of."""
    return lambda value: None if holds(value) else ()


def matches(pattern: str, longest: int | None = None) -> Check:
    """Take a text that is of a form as a whole."""
    form = re.compile(pattern)

    def check(value: Any) -> Place:
        sound = type(value) is str and form.fullmatch(value) is not None and (longest is None or len(value) <= longest)
        return None if sound else ()

    return check


def whole(least: int, most: float = float("inf")) -> Check:
    """Take a whole number."""
    return lambda value: None if type(value) is int and least <= value <= most else ()


def one_of(*words: str) -> Check:
    """Take one of these texts."""
    return lambda value: None if type(value) is str and value in words else ()


def or_none(check: Check) -> Check:
    """Take None too."""
    return lambda value: None if value is None else check(value)


def listed(check: Check, least: int = 0) -> Check:
    """Take a list, all of whose items are taken."""

    def all_of(value: Any) -> Place:
        if type(value) is not list or len(value) < least:
            return ()
        for i, one in enumerate(value):
            if (fault := check(one)) is not None:
                return (str(i), *fault)
        return None

    return all_of


def mapped(key: Check, check: Check) -> Check:
    """Take an object with any keys of a form."""

    def all_of(value: Any) -> Place:
        if type(value) is not dict:
            return ()
        for name, one in value.items():
            if key(name) is not None:
                return (name, "[key]")
            if (fault := check(one)) is not None:
                return (name, *fault)
        return None

    return all_of


def closed(named: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Take an object of these keys and no others."""
    known, needed = {**named, **(optional or {})}, frozenset(named)

    def all_of(value: Any) -> Place:
        if type(value) is not dict:
            return ()
        for name, check in known.items():
            if name in value:
                if (fault := check(value[name])) is not None:
                    return (name, *fault)
            elif name in needed:
                return (name,)
        return None if value.keys() <= known.keys() else next((name,) for name in value if name not in known)

    return all_of


def text(value: Any) -> Place:
    """Take a text; none holds half of a character, which no file in UTF-8 does."""
    return None if type(value) is str and (value.isascii() or _is_encodable(value)) else ()


def words(value: Any) -> Place:
    """Take a text that says something, and is of bounded length."""
    return text(value) if type(value) is str and 0 < len(value) <= LONGEST else ()


def day(value: Any) -> Place:
    """Take a day."""
    return None if type(value) is str and is_day(value) else ()


name = matches(ID)
"""Takes a name that the policy gives."""
time = matches(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
"""Takes what may be a time in UTC, to the second."""


def must(check: Check, value: Any) -> None:
    """Raise `ValueError` for a value that is not taken; it says no more, since a value may be anybody's."""
    if check(value) is not None:
        raise ValueError("is not of the form")


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
