"""Records of one partition that have the same values, found by their hashes and compared by value.

Copies stand near each other, mostly: what is settled where the partition is at hand need not be fetched again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from custody.quality import groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from custody.quality.fingerprints import Prints


def repeated(
    taken: Callable[[NDArray[np.int64]], pl.DataFrame], prints: Prints, rows: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Return, ascending, which of `prints` stand for a row with the same values as one before it.

    `rows` tells the row of each of `prints`; None: they are in order. `taken` gives the values of rows. Where different
    values share a hash, some that occur again may be left out.
    """
    found = groups.candidates(prints)
    if not len(found):
        return found
    order = found[np.argsort(prints[found], kind="stable")]
    values = taken(order if rows is None else rows[order])
    every = pl.all_horizontal(pl.all().eq_missing(pl.all().shift()))
    same = values.select(every).to_series().to_numpy()[1:] & (prints[order[1:]] == prints[order[:-1]])
    return np.sort(order[1:][same])
