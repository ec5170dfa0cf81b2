"""k-anonymity over what is released, counted in people.

A group holds the rows that agree in every column of role quasi, as the columns stand after their technique; a null is
a value like any other. Its size is the number of distinct subjects in it, never of rows (Sweeney 2002, k-anonymity;
the equivalence class of ISO/IEC 20889). A row whose subject is missing belongs to its group and adds no subject, so
that it hides nobody: a group of such rows alone has size 0. Without any quasi column all rows are one group.

Groups are judged over the whole data set. What is merged is one row per distinct (group, subject) of a partition, as
keyed 64-bit hashes of values: for n groups the chance that any two are taken for one is below n²/2⁶⁵.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Hashes: TypeAlias = "NDArray[np.uint64]"

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True)
class Groups:
    """Distinct (group, subject) pairs and how many rows have each: a summary that merges in any order."""

    pairs: pl.DataFrame
    """group: UInt64, subject: UInt64 or null, rows: UInt64."""


@dataclass(frozen=True)
class Risk:
    """How small the smallest group is; all None but the demand where nothing could be measured."""

    k_required: int | None
    evaluated: bool
    reason: str | None
    """Why nothing was evaluated: `no_k`, `no_subject` or `no_rows`."""
    k_smallest: int | None = None
    groups: int | None = None
    groups_below: int | None = None
    rows_below: int | None = None
    subjects: int | None = None
    rows_without_subject: int | None = None


def groups_of(quasi: pa.Table, seed: int) -> Hashes:
    """Return the group of each row as a hash keyed by `seed`; equal exactly where all columns are equal.

    Columns count in the order of their names. A negative zero equals zero.
    """
    mixed = np.zeros(quasi.num_rows, dtype=np.uint64)
    for name in sorted(quasi.column_names):
        mixed = _finalize(mixed * _STEP + hashes(quasi.column(name), seed))
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


def summarize(groups: Hashes, subjects: pa.ChunkedArray, seed: int) -> Groups:
    """Return the pairs of one partition; `subjects` is the column of canonical subjects."""
    subject = series(subjects)
    keyed = pl.select(pl.when(subject.is_not_null()).then(subject.hash(seed))).to_series()
    frame = pl.DataFrame({"group": groups, "subject": keyed.cast(pl.UInt64)})
    return Groups(frame.group_by("group", "subject").agg(pl.len().cast(pl.UInt64).alias("rows")))


def merge(parts: Iterable[Groups]) -> Groups:
    """Return the pairs of all parts."""
    return Groups(_sum([_EMPTY, *(part.pairs for part in parts)]))


def below(groups: Groups, k: int) -> Hashes:
    """Return the hashes of the groups with fewer than `k` distinct subjects, ascending."""
    return np.sort(_sizes(groups).filter(pl.col("subjects") < k)["group"].to_numpy())


def contains(sorted_groups: Hashes, groups: Hashes) -> NDArray[np.bool_]:
    """Return which rows belong to one of `sorted_groups`."""
    if not len(sorted_groups):
        return np.zeros(len(groups), dtype=np.bool_)
    places = np.minimum(np.searchsorted(sorted_groups, groups), len(sorted_groups) - 1)
    found: NDArray[np.bool_] = sorted_groups[places] == groups
    return found


def measure(groups: Groups, k: int) -> Risk:
    """Return the figures of merged groups against the least size `k`."""
    if not groups.pairs.height:
        return Risk(k, evaluated=False, reason="no_rows")
    sizes = _sizes(groups)
    small = sizes.filter(pl.col("subjects") < k)
    nobody = groups.pairs.filter(pl.col("subject").is_null())
    return Risk(
        k,
        evaluated=True,
        reason=None,
        k_smallest=int(sizes["subjects"].to_numpy().min()),
        groups=sizes.height,
        groups_below=small.height,
        rows_below=int(small["rows"].sum()),
        subjects=groups.pairs["subject"].drop_nulls().n_unique(),
        rows_without_subject=int(nobody["rows"].sum()),
    )


_EMPTY = pl.DataFrame(schema={"group": pl.UInt64, "subject": pl.UInt64, "rows": pl.UInt64})


def _sum(frames: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames).group_by("group", "subject").agg(pl.col("rows").sum())


def _sizes(groups: Groups) -> pl.DataFrame:
    """Distinct subjects and rows of each group; `count` leaves nulls out."""
    by_group = groups.pairs.group_by("group")
    return by_group.agg(pl.col("subject").count().alias("subjects"), pl.col("rows").sum())


def _finalize(values: Hashes) -> Hashes:
    """The output function of SplitMix64 (Steele, Lea, Flood 2014): a permutation of 64-bit words."""
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    mixed: Hashes = values ^ (values >> np.uint64(31))
    return mixed
