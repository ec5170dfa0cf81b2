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


def repeated(prints: Prints, apart: NDArray[np.int64] | None = None) -> Groups:
    """Return the groups of equal fingerprints, leaving out those that occur once; `apart` parts them further.

    One fast sort by the hash finds the few candidates; only those are sorted once more.
    """
    found = candidates(prints)
    first, second = prints[found], None if apart is None else apart[found]
    order = np.argsort(first, kind="stable") if second is None else np.lexsort((second, first))
    begins = _begins(first[order])
    if second is not None:
        begins |= _begins(second[order])
    several = ~(begins & np.append(begins[1:], True)) if len(begins) else begins
    return Groups(found[order][several], np.flatnonzero(begins[several]))


def candidates(hashes: Prints) -> Indexes:
    """Return, in ascending order, where a hash stands that occurs more than once."""
    order = np.argsort(hashes)
    begins = _begins(hashes[order])
    if begins.all():
        return np.zeros(0, dtype=np.int64)
    return np.sort(order[~(begins & np.append(begins[1:], True))])


def _begins(ranked: NDArray[np.uint64] | NDArray[np.int64]) -> Mask:
    """True where a value of a sorted array is not the one before it."""
    begins = np.ones(len(ranked), dtype=np.bool_)
    np.not_equal(ranked[1:], ranked[:-1], out=begins[1:])
    return begins
