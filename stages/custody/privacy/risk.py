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
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Hashes: TypeAlias = "NDArray[np.uint64]"

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


NOBODY = np.uint64(0)
"""The subject of a row that has none; no subject's hash is this."""


@dataclass(frozen=True)
class Groups:
    """Distinct (group, subject) pairs and how many rows have each: a summary that merges in any order.

    Plain arrays and a sort: merging ten million pairs takes 1 GB, where a hash table takes more than two.
    """

    group: Hashes
    subject: Hashes
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.group)


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
    keyed = np.maximum(hashes(subjects, seed), NOBODY + np.uint64(1))
    present = pc.is_valid(subjects).to_numpy()
    return _summed(groups, np.where(present, keyed, NOBODY), np.ones(len(groups), dtype=np.int64))


def merge(parts: Iterable[Groups]) -> Groups:
    """Return the pairs of all parts."""
    listed = [_EMPTY, *parts]
    return _summed(
        np.concatenate([part.group for part in listed]),
        np.concatenate([part.subject for part in listed]),
        np.concatenate([part.rows for part in listed]),
    )


def below(groups: Groups, k: int) -> Hashes:
    """Return the hashes of the groups with fewer than `k` distinct subjects, ascending."""
    group, subjects, _ = _sizes(groups)
    return group[subjects < k]


def contains(sorted_groups: Hashes, groups: Hashes) -> NDArray[np.bool_]:
    """Return which rows belong to one of `sorted_groups`."""
    if not len(sorted_groups):
        return np.zeros(len(groups), dtype=np.bool_)
    places = np.minimum(np.searchsorted(sorted_groups, groups), len(sorted_groups) - 1)
    found: NDArray[np.bool_] = sorted_groups[places] == groups
    return found


def measure(groups: Groups, k: int) -> Risk:
    """Return the figures of merged groups against the least size `k`."""
    if not len(groups):
        return Risk(k, evaluated=False, reason="no_rows")
    _, subjects, rows = _sizes(groups)
    nobody = groups.subject == NOBODY
    return Risk(
        k,
        evaluated=True,
        reason=None,
        k_smallest=int(subjects.min()),
        groups=len(subjects),
        groups_below=int(np.count_nonzero(subjects < k)),
        rows_below=int(rows[subjects < k].sum()),
        subjects=_distinct(groups.subject[~nobody]),
        rows_without_subject=int(groups.rows[nobody].sum()),
    )


_EMPTY = Groups(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64))


def _summed(group: Hashes, subject: Hashes, rows: NDArray[np.int64]) -> Groups:
    """Bring equal pairs together and add up their rows."""
    if not len(group):
        return _EMPTY
    # Sorting one word is many times as fast as sorting pairs; where two pairs share a word, pairs are sorted after all.
    word = _finalize(group * _STEP + subject)
    order = np.argsort(word)
    differ = _differ(group[order], subject[order])
    if (differ & (word[order][1:] == word[order][:-1])).any():
        order = np.lexsort((subject, group))
        differ = _differ(group[order], subject[order])
    first = np.flatnonzero(np.append(True, differ))
    places = order[first]
    return Groups(group[places], subject[places], np.add.reduceat(rows[order], first))


def _distinct(hashes_: Hashes) -> int:
    ordered = np.sort(hashes_)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + bool(len(ordered))


def _differ(group: Hashes, subject: Hashes) -> NDArray[np.bool_]:
    """Which pairs differ from the one before, from the second on."""
    differ: NDArray[np.bool_] = (group[1:] != group[:-1]) | (subject[1:] != subject[:-1])
    return differ


def _sizes(groups: Groups) -> tuple[Hashes, NDArray[np.int64], NDArray[np.int64]]:
    """Return the groups, ascending, with their distinct subjects and their rows."""
    if not len(groups):
        return _EMPTY.group, _EMPTY.rows, _EMPTY.rows
    order = np.argsort(groups.group)
    group = groups.group[order]
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    people = (groups.subject[order] != NOBODY).astype(np.int64)
    return group[starts], np.add.reduceat(people, starts), np.add.reduceat(groups.rows[order], starts)


def _finalize(values: Hashes) -> Hashes:
    """The output function of SplitMix64 (Steele, Lea, Flood 2014): a permutation of 64-bit words."""
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    mixed: Hashes = values ^ (values >> np.uint64(31))
    return mixed
