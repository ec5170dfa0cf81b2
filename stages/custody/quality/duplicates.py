"""Exact duplicates over the whole data set: rule `duplicates`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.quality import groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.quality.bits import Mask
    from custody.quality.fingerprints import Prints


def broken(values: Prints, repeat: NDArray[np.int64], among: NDArray[np.int64] | None = None) -> Mask:
    """True for every copy of a record but the first.

    `values` are the fingerprints of all records, partitions in the order of their names, `repeat` their repeat counts.
    Records are copies when all values, the text of wrong cells and the repeat count agree; whence they came does not
    count.
    """
    found = groups.repeated(values, repeat, among)
    broken = np.zeros(len(values), dtype=np.bool_)
    broken[found.members] = True
    broken[found.members[found.starts]] = False
    return broken
