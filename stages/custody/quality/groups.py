"""Records that agree in a fingerprint, found by sorting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from custody.quality.bits import Mask
    from custody.quality.fingerprints import Prints

Indexes = NDArray[np.int64]
_LOW = np.uint64((1 << 17) - 1)
"""Bits that fit into a processor's cache."""
_FEW = 1 << 15
"""Of so many hashes, the low bits leave most others out."""


@dataclass(frozen=True)
class Groups:
    """Groups of two or more: indexes of their members one group after the other, each in ascending order."""

    members: Indexes
    starts: Indexes
    """Where in `members` each group begins."""

    @property
    def sizes(self) -> Indexes:
        """Members per group."""
        return np.diff(self.starts, append=len(self.members))


def repeated(prints: Prints, apart: NDArray[np.int64] | None = None, among: Indexes | None = None) -> Groups:
    """Return the groups of equal fingerprints, leaving out those that occur once; `apart` parts them further.

    `among` is where fingerprints stand that occur more than once, in ascending order, where that is known.
    """
    found = candidates(prints) if among is None else among
    first, second = prints[found], None if apart is None else apart[found]
    order = np.argsort(first, kind="stable") if second is None else np.lexsort((second, first))
    begins = _begins(first[order])
    if second is not None:
        begins |= _begins(second[order])
    several = ~(begins & np.append(begins[1:], True)) if len(begins) else begins
    return Groups(found[order][several], np.flatnonzero(begins[several]))


def candidates(hashes: Prints) -> Indexes:
    """Return, in ascending order, where a hash stands that occurs more than once.

    Sorting values takes a fraction of sorting their places, so the few that repeat are found first, and then where they
    stand.
    """
    ranked = np.sort(hashes)
    twice = ranked[1:][ranked[1:] == ranked[:-1]]
    if not len(twice):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(held(twice, hashes))


def once(hashes: Prints) -> Prints:
    """Return each hash once, ascending; as np.unique, several times as fast for this type."""
    ranked = np.sort(hashes)
    return ranked[_begins(ranked)]


def held(ranked: Prints, hashes: Prints) -> Mask:
    """True for the hashes that stand in `ranked`, which is in ascending order; few are looked for by their low bits."""
    found = np.zeros(len(hashes), dtype=np.bool_)
    if not len(ranked):
        return found
    likely = slice(None) if len(ranked) > _FEW else np.flatnonzero(_marked(ranked)[hashes & _LOW])
    some = hashes[likely]
    found[likely] = ranked[np.minimum(np.searchsorted(ranked, some), len(ranked) - 1)] == some
    return found


def _marked(hashes: Prints) -> Mask:
    """True at the low bits of these hashes."""
    low = np.zeros(int(_LOW) + 1, dtype=np.bool_)
    low[hashes & _LOW] = True
    return low


def _begins(ranked: NDArray[np.uint64] | NDArray[np.int64]) -> Mask:
    """True where a value of a sorted array is not the one before it."""
    begins = np.ones(len(ranked), dtype=np.bool_)
    np.not_equal(ranked[1:], ranked[:-1], out=begins[1:])
    return begins
