"""The JSON objects that stand at one place of many records, taken apart key by key and no longer record by record."""

from __future__ import annotations

from itertools import compress, repeat
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from custody.sources.formats.json_text import DEPTH, FAR, keys

if TYPE_CHECKING:
    from collections.abc import Sequence

ABSENT = object()
SPARSE = 8
"""Objects whose keys differ so much that a column would be filled in one of this many rows are looked at one by one."""


def lookup(item: object, path: str) -> object:
    """Return what stands at `path` in `item`, or `ABSENT`."""
    if not isinstance(item, dict):
        return ABSENT
    for head in heads(path):
        if head == path:
            if path in item:
                return item[path]
        elif head in item:
            found = lookup(item[head], path[len(head) + 1 :])
            if found is not ABSENT:
                return found
    return ABSENT


def heads(path: str) -> list[str]:
    """Return `path` and all its beginnings that end before a dot, the longest first."""
    found, at = [path], path.rfind(".")
    while at > 0:
        found.append(path[:at])
        at = path.rfind(".", 0, at)
    return found


class Level:
    """Some objects. What is derived from them is derived once."""

    def __init__(self, items: Sequence[dict[str, object]], names: frozenset[str] | None = None) -> None:
        self.items = items
        self.names: frozenset[str] = frozenset(set().union(*items)) if names is None else names
        self._columns: dict[str, list[object]] = {}
        self._kinds: dict[str, set[type]] = {}
        self._inner: dict[str, tuple[np.ndarray, Level]] = {}

    def column(self, name: str) -> list[object]:
        """Return what stands under the key `name`, one entry per object; None where there is no such key."""
        if name not in self._columns:
            try:
                self._columns[name] = list(map(itemgetter(name), self.items))
            except KeyError:
                self._columns[name] = list(map(dict.get, self.items, repeat(name)))
        return self._columns[name]

    def kinds(self, name: str) -> set[type]:
        """Return the types of what stands under `name`; NoneType where it is absent."""
        if name not in self._kinds:
            self._kinds[name] = set(map(type, self.column(name)))
        return self._kinds[name]

    def inner(self, name: str) -> tuple[np.ndarray, Level]:
        """Return the objects that stand under `name`, and the indices of the objects they stand in."""
        if name not in self._inner:
            column = self.column(name)
            if self.kinds(name) == {dict}:
                self._inner[name] = np.arange(len(column)), Level(column)  # type: ignore[arg-type]  # all are objects
            else:
                where = [i for i, value in enumerate(column) if type(value) is dict]
                self._inner[name] = np.array(where, np.int64), Level([column[i] for i in where])  # type: ignore[misc]
        return self._inner[name]

    def values(self, path: str) -> list[object] | None:
        """Return what `lookup` finds at `path` in each object, with None for `ABSENT`; None where all are absent."""
        present = [head for head in heads(path) if head in self.names]
        if not present:
            return None
        if present == [path]:
            return self.column(path)
        if len(present) == 1:
            return self._inside(present[0], path[len(present[0]) + 1 :])
        found = [lookup(item, path) for item in self.items]
        if all(value is ABSENT for value in found):
            return None
        return [None if value is ABSENT else value for value in found]

    def only(self, kept: Sequence[bool]) -> Level:
        """Return the level of the objects for which `kept` holds, with what is derived so far."""
        items = list(compress(self.items, kept))
        others: set[str] = set().union(*(item for item, keep in zip(self.items, kept, strict=True) if not keep))
        level = Level(items, self.names - {name for name in others if not any(name in item for item in items)})
        level._columns = {name: list(compress(column, kept)) for name, column in self._columns.items()}
        mask = np.array(kept, bool)
        places = np.cumsum(mask) - 1
        for name, (where, inner) in self._inner.items():
            chosen = mask[where]
            level._inner[name] = places[where[chosen]], inner.only(chosen.tolist())
        return level

    def _inside(self, name: str, rest: str) -> list[object] | None:
        where, level = self.inner(name)
        found = level.values(rest)
        if found is None or len(found) == len(self.items):
            return found
        values: list[object] = [None] * len(self.items)
        for i, value in zip(where.tolist(), found, strict=True):
            values[i] = value
        return values

    def keys(self, depth: int = 1) -> np.ndarray:
        """Return how many keys all objects within each object have together (int64), as `json_text.keys` does."""
        rows = len(self.items)
        if depth > DEPTH:
            return np.full(rows, FAR)
        counts = np.fromiter(map(len, self.items), np.int64, rows)
        if len(self.names) * rows > SPARSE * counts.sum():
            return np.fromiter((keys(item, depth) for item in self.items), np.int64, rows)
        for name in self.names:
            kinds = self.kinds(name)
            if dict in kinds:
                where, level = self.inner(name)
                counts[where] += level.keys(depth + 1)
            if list in kinds:
                lists = ((i, value) for i, value in enumerate(self.column(name)) if type(value) is list)
                for i, value in lists:
                    counts[i] += keys(value, depth + 1)
        return counts

    def unwanted(self, wanted: frozenset[str], prefix: str = "") -> frozenset[str]:
        """Return, as dotted paths, the names of all fields that no wanted path names or passes through.

        An unwanted object is one field, whatever it holds.
        """
        found: set[str] = set()
        for name in self.names:
            path = prefix + name
            if path in wanted:
                continue
            if not any(one.startswith(path + ".") for one in wanted):
                found.add(path)
                continue
            kinds = self.kinds(name)
            if dict in kinds:
                found |= self.inner(name)[1].unwanted(wanted, path + ".")
            if kinds - {dict, type(None)}:
                found.add(path)
        return frozenset(found)
