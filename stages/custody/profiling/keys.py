"""JSON keys that are names of fields, and objects that are maps, whose keys are values: people, addresses, hosts.

A map's keys differ from record to record while its values are alike: `{"logins": {"alice": 3}}`. They are never told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from custody.profiling.given import GIVEN

if TYPE_CHECKING:
    from collections.abc import Iterator

UNNAMED: Final = "?"
"""Stands for a field whose key may be a value."""
OBJECTS: Final = 1_000
"""JSON objects whose keys are looked at: sources write different ones for each kind of event."""
SOME: Final = 3
MANY: Final = 30
"""More keys with values alike than any structure has."""
SPARSE: Final = 0.5
"""Where a key stands in fewer of the objects, on average, keys differ from record to record."""
Path: TypeAlias = tuple[str, ...]
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,40}")
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_DIGITS: Final = 4
"""More digits than this in a key make it a number of something, not a name."""
_USUAL: Final = frozenset({"@timestamp", "@version"})
"""Keys of no plain form that log shippers write."""


@dataclass
class _Seen:
    """Objects that stand at one path."""

    objects: int = 0
    keys: Counter[str] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=set)

    def is_map(self, path: Path) -> bool:
        """True where keys are likely values. Values that are not alike make a structure of its own."""
        if len(self.kinds) > 1 or not self.keys:
            return False
        sparse = len(self.keys) >= SOME and self.keys.total() < SPARSE * self.objects * len(self.keys)
        if not path:  # records of their own; kinds of events differ in their keys, but in more than one kind of value
            return sparse and len(self.keys) > MANY
        named = any(_is_person(key) or not _PLAIN.fullmatch(key) or not is_name(key) for key in self.keys)
        return sparse or len(self.keys) > MANY or named


def is_name(key: str) -> bool:
    """True for a key of a field's form."""
    return key in _USUAL or (_KEY.fullmatch(key) is not None and sum(map(str.isdigit, key)) <= _DIGITS)


def paths(records: list[dict[str, Any]]) -> tuple[tuple[str, ...], bool]:
    """Return the dotted paths of the fields, and whether some object is a map; `UNNAMED` stands for what it holds."""
    seen: dict[Path, _Seen] = defaultdict(_Seen)
    for record in records[:OBJECTS]:
        _look(record, (), seen)
    maps = {path for path, one in seen.items() if one.is_map(path)}
    found: dict[str, None] = {}
    for record in records[:OBJECTS]:
        found.update(dict.fromkeys(_walk(record, (), maps)))
    return tuple(found), bool(maps)


def _look(value: dict[str, Any], path: Path, seen: dict[Path, _Seen]) -> None:
    one = seen[path]
    one.objects += 1
    one.keys.update(value.keys())
    one.kinds |= {_kind(inner) for inner in value.values() if inner is not None}
    for key, inner in value.items():
        if isinstance(inner, dict):
            _look(inner, (*path, key), seen)


def _walk(value: Any, path: Path, maps: set[Path]) -> Iterator[str]:
    if path in maps:
        yield UNNAMED
    elif not isinstance(value, dict) or not value:
        yield ".".join(path) if all(map(is_name, path)) else UNNAMED
    else:
        for key, inner in value.items():
            yield from _walk(inner, (*path, key), maps)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "truth"
    return "number" if isinstance(value, int | float) else type(value).__name__


def _is_person(key: str) -> bool:
    """True for an account that begins or ends with a common given name."""
    words = re.split(r"[._-]+", key.lower())
    return key.lower() in GIVEN or (len(words) > 1 and bool(GIVEN & {words[0], words[-1]}))
