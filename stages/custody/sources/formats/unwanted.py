"""Names of the fields of nested records that nobody wants, for counting what data minimization drops."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SHAPES = 4096
"""So many shapes of objects are remembered; a file with more of them is read more slowly, not differently."""

Shape = tuple[frozenset[str], tuple[tuple[str, str], ...]]


class Unwanted:
    """Finds them; an unwanted object is one field, whatever it holds."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self._wanted = frozenset(wanted)
        self._shapes: dict[tuple[str, tuple[str, ...]], Shape] = {}

    def names(self, items: Iterable[Mapping[str, object]]) -> frozenset[str]:
        """Return the names, as dotted paths, of all fields of `items` that no wanted path names or passes through."""
        found: set[str] = set()
        for item in items:
            self._collect(item, "", found)
        return frozenset(found)

    def _collect(self, item: Mapping[str, object], prefix: str, found: set[str]) -> None:
        keys = tuple(item)
        shape = self._shapes.get((prefix, keys))
        if shape is None:
            if len(self._shapes) >= SHAPES:
                self._shapes.clear()
            shape = self._shapes[prefix, keys] = self._shape(keys, prefix)
        plain, passed = shape
        if not plain <= found:
            found |= plain
        for key, path in passed:
            inner = item[key]
            if isinstance(inner, dict):
                self._collect(inner, path + ".", found)
            elif inner is not None:
                found.add(path)

    def _shape(self, keys: tuple[str, ...], prefix: str) -> Shape:
        paths = {key: prefix + key for key in keys}
        rest = {key: path for key, path in paths.items() if path not in self._wanted}
        passed = {key: path for key, path in rest.items() if any(name.startswith(path + ".") for name in self._wanted)}
        return frozenset(path for key, path in rest.items() if key not in passed), tuple(passed.items())
