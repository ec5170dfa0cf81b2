"""Keyed 64-bit hashes of values and of groups of values: what is compared and merged in their place.

For n groups the chance that any two are taken for one is below n²/2⁶⁵.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

Hashes: TypeAlias = "NDArray[np.uint64]"

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def groups_of(quasi: pa.Table, seed: int) -> Hashes:
    """Return the group of each row as a hash keyed by `seed`; equal exactly where all columns are equal.

    Columns count in the order of their names. A negative zero equals zero.
    """
    mixed = np.zeros(quasi.num_rows, dtype=np.uint64)
    for name in sorted(quasi.column_names):
        mixed = joined(mixed, hashes(quasi.column(name), seed))
    return mixed


def hashes(column: pa.ChunkedArray, seed: int) -> Hashes:
    """Return a keyed 64-bit hash of each value, a text in a dictionary as any text; nulls share one."""
    if not pa.types.is_dictionary(column.type):
        return series(column).hash(seed).to_numpy()
    parts = [np.empty(0, dtype=np.uint64)]
    for chunk in column.chunks:
        texts = pa.concat_arrays([chunk.dictionary, pa.nulls(1, chunk.dictionary.type)])
        entries = pl.Series(values=texts).hash(seed).to_numpy()
        parts.append(entries[chunk.indices.fill_null(len(chunk.dictionary)).to_numpy()])
    return np.concatenate(parts)


def series(column: pa.ChunkedArray) -> pl.Series:
    """Return a column as polars sees it; one that holds no value at all as text."""
    typed = column.cast(pa.string()) if pa.types.is_null(column.type) else column
    return pl.Series(values=typed)


def once(hashes: Hashes) -> Hashes:
    """Return each hash once, ascending; as np.unique, several times as fast for this type."""
    ranked = np.sort(hashes)
    first = np.ones(len(ranked), dtype=np.bool_)
    np.not_equal(ranked[1:], ranked[:-1], out=first[1:])
    unique: Hashes = ranked[first]
    return unique


def contains(sorted_groups: Hashes, groups: Hashes) -> NDArray[np.bool_]:
    """Return which rows belong to one of `sorted_groups`."""
    if not len(sorted_groups):
        return np.zeros(len(groups), dtype=np.bool_)
    places = np.minimum(np.searchsorted(sorted_groups, groups), len(sorted_groups) - 1)
    found: NDArray[np.bool_] = sorted_groups[places] == groups
    return found


def joined(left: Hashes, right: Hashes) -> Hashes:
    """Return one hash for each pair; the order of the two counts."""
    return finalize(left * _STEP + right)


def finalize(values: Hashes) -> Hashes:
    """The output function of SplitMix64 (Steele, Lea, Flood 2014): a permutation of 64-bit words."""
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    mixed: Hashes = values ^ (values >> np.uint64(31))
    return mixed
