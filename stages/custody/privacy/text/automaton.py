"""Leftmost-longest occurrences of many names in bytes (Aho and Corasick, 1975), by the faster of two engines.

Daachorse passes over bytes that begin no name, and is several times as fast where few names stand. Made of very many
names it takes much memory for a moment, and some platforms have none: then ahocorasick_rs finds the same.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import ahocorasick_rs
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Search: TypeAlias = Callable[[bytes], NDArray[np.int64]]

PACKAGE = "daachorse"
MOST = 2**17
"""Names; of a million, daachorse takes a gigabyte while it is made."""


def leftmost_longest(names: Sequence[bytes]) -> Search:
    """Return what finds name (of equal ones the first), start and end of each occurrence. No name is empty."""
    return daachorse(names) if len(names) <= MOST and find_spec(PACKAGE) else ahocorasick(names)


def daachorse(names: Sequence[bytes]) -> Search:
    """Do what `leftmost_longest` does, on daachorse."""
    engine: Any = import_module(PACKAGE)
    machine = engine.DoubleArrayAhoCorasick(names, engine.MATCH_KIND_LEFTMOST_LONGEST)
    return lambda data: columns(machine.find(data))[[2, 0, 1]]


def ahocorasick(names: Sequence[bytes]) -> Search:
    """Do what `leftmost_longest` does, on ahocorasick_rs."""
    machine = ahocorasick_rs.BytesAhoCorasick(names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return lambda data: columns(machine.find_matches_as_indexes(data))


def columns(hits: list[tuple[int, int, int]]) -> NDArray[np.int64]:
    """Return hits as an array of three rows."""
    flat = np.fromiter(chain.from_iterable(hits), dtype=np.int64, count=3 * len(hits))
    return np.ascontiguousarray(flat.reshape(-1, 3).T)
