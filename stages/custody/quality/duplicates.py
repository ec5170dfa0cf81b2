"""Exact duplicates over the whole data set: rule `duplicates`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.quality import groups

if TYPE_CHECKING:
    from custody.quality.bits import Mask
    from custody.quality.fingerprints import Prints


def broken(records: Prints) -> Mask:
    """True for every copy of a record but the first.

    `records` are the fingerprints of all records, partitions in the order of their names. Records are copies when all
    values, the text of wrong cells and the repeat count agree; whence they came does not count.
    """
    found = groups.repeated(records)
    broken = np.zeros(records.shape[1], dtype=np.bool_)
    broken[found.members] = True
    broken[found.members[found.starts]] = False
    return broken
