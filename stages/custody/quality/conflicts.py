"""Conflicts: records with one key and different values; rule `conflicts`.

The rule is judged over all collected records, whatever else is wrong with them: a preferred record that breaks another
rule still wins its conflict, and neither is accepted. Equal values are no conflict, however often they come and from
wherever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.quality import groups
from custody.quality.cells import codes, fixed, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from custody.policy.quality import Quality
    from custody.quality.bits import Mask
    from custody.quality.cells import Cells
    from custody.quality.fingerprints import Prints

LEAST = np.iinfo(np.int64).min


def preference(source: pa.Array, newest: Cells | None, quality: Quality) -> NDArray[np.int64]:
    """Return how much the policy prefers each record: the larger number wins, and equal numbers do not decide.

    A source that `precedence` does not name, and a record without the time that `newest` names, is preferred least.
    """
    if quality.conflicts == "prefer_source":
        return _by_source(source, quality.precedence)
    if quality.conflicts == "prefer_newest" and newest is not None:
        return _by_size(newest)
    return np.zeros(len(source), dtype=np.int64)


def broken(
    keys: Prints, values: NDArray[np.uint64], preferred: NDArray[np.int64], among: NDArray[np.int64] | None = None
) -> Mask:
    """True for the records that lose a conflict, or are in one that the policy does not decide.

    Takes, for every record with a whole key: the key's fingerprint, the hash of its values and the policy's preference.
    Of the records that share a key and disagree, those with the values of the most preferred one are kept; when the
    most preferred disagree among themselves, all records of that key break the rule.
    """
    broken = np.zeros(len(values), dtype=np.bool_)
    found = groups.repeated(keys, among=among)
    if not len(found.members):
        return broken
    value, rank, sizes = values[found.members], preferred[found.members], found.sizes
    best = rank == np.repeat(np.maximum.reduceat(rank, found.starts), sizes)
    lowest = np.minimum.reduceat(np.where(best, value, np.iinfo(np.uint64).max), found.starts)
    highest = np.maximum.reduceat(np.where(best, value, np.uint64(0)), found.starts)
    undecided = np.repeat(lowest != highest, sizes)
    broken[found.members] = undecided | (value != np.repeat(lowest, sizes))
    return broken


def _by_source(source: pa.Array, precedence: Sequence[str]) -> NDArray[np.int64]:
    if pa.types.is_dictionary(source.type) and not source.null_count:
        ranks: NDArray[np.int64] = _by_source(source.dictionary, precedence)[codes(source)]
        return ranks
    rank = pc.index_in(plain(source), pa.array(precedence, pa.string()))
    return -pc.fill_null(rank, len(precedence)).to_numpy(zero_copy_only=False).astype(np.int64)  # type: ignore[no-any-return]


def _by_size(cells: Cells) -> NDArray[np.int64]:
    values = fixed(cells.values)
    if values.dtype == np.float64:  # IEEE 754: as integers, doubles sort by size once the negative ones are turned over
        bits = (values + 0.0).view(np.int64)
        values = bits ^ ((bits >> 63) & np.int64(np.iinfo(np.int64).max))
    elif values.dtype != np.int64:
        raise TypeError
    return np.where(cells.right, values, LEAST).astype(np.int64)
