"""Groups of rows, the people in them and what is told of each, over the whole data set.

What is merged is one row per distinct (group, subject, sensitive values) of a partition, as keyed hashes of values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from custody.privacy.risk.hashing import hashes, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from custody.privacy.risk.hashing import Hashes

NOBODY = np.uint64(0)
"""The subject of a row that has none; no subject's hash is this."""


@dataclass(frozen=True)
class Groups:
    """Distinct (group, subject, values) and how many rows have each: a summary that merges in any order.

    Plain arrays and a sort: merging ten million pairs takes 1 GB, where a hash table takes more than two.
    """

    group: Hashes
    subject: Hashes
    rows: NDArray[np.int64]
    values: tuple[Hashes, ...] = ()
    """One array per sensitive column (`sensitive`), none where the policy asks nothing about them."""

    def __len__(self) -> int:
        return len(self.group)


def summarize(groups: Hashes, subjects: pa.ChunkedArray, seed: int, values: Sequence[Hashes] = ()) -> Groups:
    """Return the summary of one partition; `subjects` is the column of canonical subjects."""
    return summed((groups, people(subjects, seed), *values), np.ones(len(groups), dtype=np.int64))


def people(subjects: pa.ChunkedArray, seed: int) -> Hashes:
    """Return a keyed hash of each subject, `NOBODY` where there is none."""
    keyed = np.maximum(hashes(subjects, seed), NOBODY + np.uint64(1))
    return np.where(pc.is_valid(subjects).to_numpy(), keyed, NOBODY)


def merge(parts: Iterable[Groups]) -> Groups:
    """Return the summary of all parts; those of no row may know of fewer sensitive columns."""
    return absorb(list(parts))


def absorb(parts: list[Groups]) -> Groups:
    """Return the summary of all parts and empty the list, so that no part is held beside the whole."""
    columns = [(part.rows, part.group, part.subject, *part.values) for part in parts if len(part)]
    parts.clear()
    if not columns:
        return EMPTY
    arrays = [list(column) for column in zip(*columns, strict=True)]
    columns.clear()
    joint = []
    while arrays:
        joint.append(np.concatenate(arrays.pop(0)))
    rows: NDArray[np.int64] = joint.pop(0)
    return _summed(joint, rows)


def pairs(groups: Groups, *kept: int) -> Groups:
    """Return the distinct (group, subject), with the sensitive columns at the places `kept` alone."""
    values = [groups.values[place] for place in kept] if len(groups) else [EMPTY.group] * len(kept)
    if len(values) == len(groups.values):
        return groups
    return summed((groups.group, groups.subject, *values), groups.rows)


def sizes(groups: Groups) -> tuple[Hashes, NDArray[np.int64], NDArray[np.int64]]:
    """Return the groups, ascending, with their distinct subjects and their rows."""
    groups = pairs(groups)
    if not len(groups):
        return EMPTY.group, EMPTY.rows, EMPTY.rows
    order = np.argsort(groups.group)
    group = groups.group[order]
    starts = firsts(group)
    counted = (groups.subject[order] != NOBODY).astype(np.int64)
    return group[starts], np.add.reduceat(counted, starts), np.add.reduceat(groups.rows[order], starts)


def firsts(*columns: NDArray[np.uint64] | NDArray[np.int64]) -> NDArray[np.intp]:
    """Return where in columns of the same sorted rows a row differs from the one before; the first one does."""
    return np.flatnonzero(np.append(True, _differ(columns)))


EMPTY = Groups(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64))


def summed(columns: Sequence[Hashes], rows: NDArray[np.int64]) -> Groups:
    """Bring equal rows of the columns (group, subject, then values) together and add up their `rows`."""
    return _summed(list(columns), rows)


def _summed(columns: list[Hashes], rows: NDArray[np.int64]) -> Groups:
    """As `summed`, with a list of its own that it fills anew: ten million rows are held once and not four times."""
    if not len(rows):
        return replace(EMPTY, values=tuple(columns[2:]))
    # Sorting one word is many times as fast as sorting rows; where two rows share a word, rows are sorted after all.
    word = columns[0]
    for column in columns[1:]:
        word = joined(word, column)
    order = np.argsort(word)
    word, rows = word[order], rows[order]
    _take(columns, order)
    differ = _differ(columns)
    if (differ & (word[1:] == word[:-1])).any():
        order = np.lexsort(columns[::-1])
        rows = rows[order]
        _take(columns, order)
        differ = _differ(columns)
    first = np.flatnonzero(np.append(True, differ))
    rows = np.add.reduceat(rows, first)
    _take(columns, first)
    return Groups(columns[0], columns[1], rows, tuple(columns[2:]))


def _take(columns: list[Hashes], places: NDArray[np.intp]) -> None:
    for i, column in enumerate(columns):
        columns[i] = column[places]


def _differ(columns: Sequence[NDArray[np.uint64] | NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Which rows differ from the one before, from the second on."""
    differ: NDArray[np.bool_] = columns[0][1:] != columns[0][:-1]
    for column in columns[1:]:
        differ |= column[1:] != column[:-1]
    return differ
