"""Groups of rows and the people in them, over the whole data set.

What is merged is one row per distinct (group, subject) of a partition, as keyed hashes of values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from custody.privacy.risk.hashing import hashes, joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa
    from numpy.typing import NDArray

    from custody.privacy.risk.hashing import Hashes

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


def sizes(groups: Groups) -> tuple[Hashes, NDArray[np.int64], NDArray[np.int64]]:
    """Return the groups, ascending, with their distinct subjects and their rows."""
    if not len(groups):
        return _EMPTY.group, _EMPTY.rows, _EMPTY.rows
    order = np.argsort(groups.group)
    group = groups.group[order]
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    people = (groups.subject[order] != NOBODY).astype(np.int64)
    return group[starts], np.add.reduceat(people, starts), np.add.reduceat(groups.rows[order], starts)


_EMPTY = Groups(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64))


def _summed(group: Hashes, subject: Hashes, rows: NDArray[np.int64]) -> Groups:
    """Bring equal pairs together and add up their rows."""
    if not len(group):
        return _EMPTY
    # Sorting one word is many times as fast as sorting pairs; where two pairs share a word, pairs are sorted after all.
    word = joined(group, subject)
    order = np.argsort(word)
    differ = _differ(group[order], subject[order])
    if (differ & (word[order][1:] == word[order][:-1])).any():
        order = np.lexsort((subject, group))
        differ = _differ(group[order], subject[order])
    first = np.flatnonzero(np.append(True, differ))
    places = order[first]
    return Groups(group[places], subject[places], np.add.reduceat(rows[order], first))


def _differ(group: Hashes, subject: Hashes) -> NDArray[np.bool_]:
    """Which pairs differ from the one before, from the second on."""
    differ: NDArray[np.bool_] = (group[1:] != group[:-1]) | (subject[1:] != subject[:-1])
    return differ
