"""Many identifiers at once in many texts (Aho and Corasick, 1975), at token boundaries.

The automaton runs over the bytes that Arrow holds, all texts end to end, in windows that bound what a hostile text
can make it remember; hits that cross texts or stand inside longer tokens are dropped afterwards, all at once.

Most texts need no list of all occurrences: where every leftmost-longest occurrence is a token, those are what `resolve`
would choose. By induction: the first one starts where the first of all occurrences does, and is the longest from there;
behind its end the same holds again. `Tokens.settled` gives them, and tells which texts need the full search.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import ahocorasick_rs
import numpy as np
import pyarrow as pa

from custody.privacy.text import automaton, boundaries
from custody.privacy.text.haystack import Found, Haystack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

WINDOW = 2**20
"""Bytes that are searched at once."""
MANY = 2**16
"""Hits, from which on they are judged before more are sought."""
STEP = 2**16
"""Bytes searched per call of the automaton, which remembers every occurrence, even of a thousand nested names."""
LONG = 2**8
"""Bytes. A leftmost-longest search can read this much again for each hit, so longer names go without it."""


class Tokens:
    """Finds identifiers wherever they stand as tokens; `ids` are what hits call them."""

    def __init__(self, names: pa.Array, ids: NDArray[np.int64]) -> None:
        self._names, self._ids = names, ids

    def find(self, haystack: Haystack) -> Found:
        """Every hit, overlapping ones too."""
        return self._plain.find(haystack) if len(self._names) else Found.none()

    def settled(self, haystack: Haystack) -> tuple[Found, NDArray[np.bool_]]:
        """Hits as `resolve` would choose them, sorted by place; and which texts are left out: they need `find`."""
        if not len(self._names):
            return Found.none(), np.zeros(len(haystack.offsets) - 1, dtype=bool)
        found, left = self._plain.settled(haystack)
        return found.filter(~left[found.row]), left

    @cached_property
    def _plain(self) -> _Searcher:
        return _Searcher(self._names, self._ids)


class _Searcher:
    def __init__(self, names: pa.Array, ids: NDArray[np.int64]) -> None:
        self._patterns, self._ids = names.cast(pa.binary()).to_pylist(), ids
        self._longest = max(map(len, self._patterns))
        self._boundary = boundaries.Boundary(names)

    def find(self, haystack: Haystack) -> Found:
        rows = np.flatnonzero(self._touched(haystack))
        if not len(rows):
            return Found.none()
        part = haystack.part(rows)
        found = search(self._machine, self._longest, part, self._boundary.holds).moved(part, haystack, rows)
        return found._replace(identifier=self._ids[found.identifier])

    def _touched(self, haystack: Haystack) -> NDArray[np.bool_]:
        """Tell which texts hold an occurrence; also true for some more, and for those that are too long to tell.

        An occurrence is among the leftmost-longest ones, or one of those overlaps it.
        """
        held = np.full(len(haystack), self._longest > LONG)
        if held.all():
            return held
        begun = np.zeros(len(haystack.offsets), dtype=np.int64)
        for found in self._leftmost_longest(haystack, held):
            _touch(begun, haystack, found)
        return held | (np.cumsum(begun)[:-1] > 0)

    def settled(self, haystack: Haystack) -> tuple[Found, NDArray[np.bool_]]:
        """See `Tokens.settled`; what stands in a text that is left out may be among the hits."""
        left = np.full(len(haystack.offsets) - 1, self._longest > LONG)
        if left.all():
            return Found.none(), left
        parts, begun = [], np.zeros(len(haystack.offsets), dtype=np.int64)
        for found in self._leftmost_longest(haystack, left):
            tokens = found.end <= haystack.offsets[found.row + 1]
            tokens[tokens] = self._boundary.holds(haystack, found.filter(tokens))
            _touch(begun, haystack, found.filter(~tokens))
            parts.append(found.filter(tokens))
        left |= np.cumsum(begun)[:-1] > 0
        joined = Found.join(parts)
        return joined._replace(identifier=self._ids[joined.identifier]), left

    def _leftmost_longest(self, haystack: Haystack, left: NDArray[np.bool_]) -> Iterator[Found]:
        """Yield the leftmost-longest occurrences, many at once; texts that are too long become `left`."""
        waiting = [Found.none()]
        for first, last in _windows(haystack.offsets, left):
            waiting.append(_leftmost_longest(self._quick, haystack, first, last))
            if sum(len(found.row) for found in waiting) > MANY:
                yield Found.join(waiting)
                waiting = [Found.none()]
        yield Found.join(waiting)

    @cached_property
    def _quick(self) -> automaton.Search:
        return automaton.leftmost_longest(self._patterns)

    @cached_property
    def _machine(self) -> ahocorasick_rs.BytesAhoCorasick:
        return ahocorasick_rs.BytesAhoCorasick(self._patterns)


def _touch(begun: NDArray[np.int64], haystack: Haystack, found: Found) -> None:
    """Count every text that an occurrence touches: sums of `begun` tell of each by how many it is touched."""
    np.add.at(begun, found.row, 1)
    np.subtract.at(begun, haystack.rows(found.end - 1) + 1, 1)


def _windows(offsets: NDArray[np.int64], left: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Runs of whole texts of at most `WINDOW` bytes; a longer text is marked as `left`."""
    first, rows = 0, len(offsets) - 1
    while first < rows:
        last = int(np.searchsorted(offsets, offsets[first] + WINDOW, side="right")) - 1
        if last > first:
            yield first, last
        else:
            left[first] = True
        first = max(last, first + 1)


def _leftmost_longest(quick: automaton.Search, haystack: Haystack, first: int, last: int) -> Found:
    """Every leftmost-longest occurrence in the texts from `first` up to `last`, end to end as they lie."""
    begin = int(haystack.offsets[first])
    name, start, end = quick(haystack.data[begin : haystack.offsets[last]].tobytes())
    return Found(haystack.rows(start + begin), start + begin, end + begin, name)


def search(
    machine: ahocorasick_rs.BytesAhoCorasick,
    longest: int,
    haystack: Haystack,
    holds: Callable[[Haystack, Found], NDArray[np.bool_]],
) -> Found:
    """Return every occurrence of every pattern within one text for which `holds`.

    `longest` is the longest pattern's length in bytes. Time is linear in the bytes, times the names that end in one
    place because they are nested in each other.
    """
    first, last = int(haystack.offsets[0]), int(haystack.offsets[-1])
    parts = []
    for begin in range(first, last, WINDOW):
        name, start, end = _raw(machine, longest, haystack, begin, min(begin + WINDOW, last))
        row = haystack.rows(start)
        found = Found(row, start, end, name)
        found = found.filter(found.end <= haystack.offsets[row + 1])
        parts.append(found.filter(holds(haystack, found)))
    return Found.join(parts)


def _raw(
    machine: ahocorasick_rs.BytesAhoCorasick, longest: int, haystack: Haystack, begin: int, end: int
) -> NDArray[np.int64]:
    """Pattern, start and end of every occurrence that starts from `begin` up to `end`."""
    last, step = int(haystack.offsets[-1]), max(STEP, 4 * longest)
    parts = [np.zeros((3, 0), dtype=np.int64)]
    for at in range(begin, end, step):
        stop = min(at + step, end)
        window: Any = haystack.data[at : min(stop + longest - 1, last)]
        hits = automaton.columns(machine.find_matches_as_indexes(window, overlapping=True))
        hits = hits[:, hits[1] < stop - at]  # what starts later belongs to the next step
        parts.append(hits + np.array([[0], [at], [at]]))
    return np.concatenate(parts, axis=1)


def resolve(parts: list[Found]) -> Found:
    """Leftmost hits, of several from one place the longest, none overlapping; sorted by place."""
    found = Found.join(parts)
    found = found.filter(np.lexsort((found.identifier, -found.end, found.start)))
    if not len(found.row):
        return found
    reach = np.maximum.accumulate(found.end)
    free = np.append(True, found.start[1:] >= reach[:-1])
    inside = np.append(False, found.end[1:] <= reach[:-1])
    if bool((free | inside).all()):
        return found.filter(free)
    return found.filter(_leftmost(found))


def compared(found: Found, chosen: Found) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which hits stand beside all of `chosen`, and which ones `resolve` drops in favor of one of them.

    `chosen` are sorted and do not overlap.
    """
    if not len(found.row) or not len(chosen.row):
        return np.ones(len(found.row), dtype=bool), np.zeros(len(found.row), dtype=bool)
    nth = np.searchsorted(chosen.end, found.start, side="right")
    behind = nth == len(chosen.end)
    one = chosen.filter(np.where(behind, 0, nth))
    beside = behind | (one.start >= found.end)
    first = (one.start < found.start) | (one.end > found.end)
    first |= (one.end == found.end) & (one.identifier < found.identifier)
    return beside, ~beside & first & (one.start <= found.start)


def _leftmost(found: Found) -> NDArray[np.bool_]:
    """One after the other, for the rare hits that overlap in part, as `bob lee` and `lee ann` in `bob lee ann`."""
    keep, reach = np.zeros(len(found.row), dtype=bool), -1
    for i, (start, end) in enumerate(zip(found.start.tolist(), found.end.tolist(), strict=True)):
        if start >= reach:
            keep[i], reach = True, end
    return keep
