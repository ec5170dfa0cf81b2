"""What groups become when columns go up their ladders, without looking at a row again.

Kept per partition and merged: for each group the hash of each of its columns' values at level 0, and for each such
value its hashes on every level. Steps of a ladder are nested, so any raw value of a class stands for all of it.

The loss of a level is the share of a column's entropy over rows that is gone: 1 - H(level) / H(0), which is the
non-uniform entropy measure (de Waal and Willenborg 1999; Gionis and Tassa 2009) between 0 and 1. That of several
columns is their mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.risk.groups import Groups, summed
from custody.privacy.risk.hashing import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from custody.privacy.risk.hashing import Hashes
    from custody.privacy.risk.lattice import Levels


@dataclass(frozen=True)
class Rungs:
    """A column's distinct values at level 0, ascending, and what they are on each level, as hashes."""

    values: Hashes
    levels: tuple[Hashes, ...]


@dataclass(frozen=True)
class Combinations:
    """Distinct groups at level 0, ascending, their columns' values, and each column's rungs."""

    group: Hashes
    columns: tuple[Hashes, ...]
    rungs: tuple[Rungs, ...]

    def __len__(self) -> int:
        return len(self.group) + sum(len(one.values) for one in self.rungs)


def rungs(levels: Sequence[Hashes]) -> Rungs:
    """Return the rungs of values, repeats allowed, given by their hashes on each level."""
    values, first = np.unique(levels[0], return_index=True)
    return Rungs(values, tuple(level[first] for level in levels))


def combine(columns: Sequence[Hashes], ladders: Sequence[Rungs], rows: int) -> Combinations:
    """Return the combinations of so many rows, from each one's values at level 0, columns in the order of names."""
    group, first = np.unique(mixed(columns, rows), return_index=True)
    return Combinations(group, tuple(column[first] for column in columns), tuple(ladders))


def merge(parts: Sequence[Combinations]) -> Combinations:
    """Return the combinations of all parts."""
    parts = [part for part in parts if len(part.group)] or list(parts[:1])
    if not parts:
        return Combinations(np.empty(0, dtype=np.uint64), (), ())
    group, first = np.unique(np.concatenate([part.group for part in parts]), return_index=True)
    columns = [np.concatenate(column)[first] for column in zip(*(part.columns for part in parts), strict=True)]
    listed = zip(*(part.rungs for part in parts), strict=True)
    ladders = [rungs([np.concatenate(level) for level in _by_level(several)]) for several in listed]
    return Combinations(group, tuple(columns), tuple(ladders))


def _by_level(several: Sequence[Rungs]) -> list[tuple[Hashes, ...]]:
    return list(zip(*(one.levels for one in several), strict=True))


def mixed(columns: Sequence[Hashes], rows: int) -> Hashes:
    """Return the group of each row from its columns' hashes, as `hashing.groups_of` does."""
    group = np.zeros(rows, dtype=np.uint64)
    for column in columns:
        group = joined(group, column)
    return group


class Coarsening:
    """Merged groups and combinations, ready to be brought to any levels."""

    def __init__(self, groups: Groups, told: Combinations) -> None:
        self._groups, self._rungs = groups, told.rungs
        self._of = np.searchsorted(told.group, groups.group)
        self._values = [
            np.searchsorted(one.values, column) for one, column in zip(told.rungs, told.columns, strict=True)
        ]
        self._rows = np.zeros(len(told.group), dtype=np.int64)
        np.add.at(self._rows, self._of, groups.rows)

    @property
    def heights(self) -> tuple[int, ...]:
        """How many levels each column has."""
        return tuple(len(one.levels) for one in self._rungs)

    @property
    def rows(self) -> int:
        """Rows of all groups."""
        return int(self._rows.sum())

    def at(self, levels: Levels) -> Groups:
        """Return the groups as they are when each column is released on its level."""
        columns = [one.levels[level][own] for one, level, own in zip(self._rungs, levels, self._values, strict=True)]
        group = mixed(columns, len(self._rows))[self._of]
        return summed((group, self._groups.subject, *self._groups.values), self._groups.rows)

    def losses(self) -> list[list[float]]:
        """Return the loss of every level of every column, six digits, never falling on the way up."""
        return [self._loss(one, own) for one, own in zip(self._rungs, self._values, strict=True)]

    def _loss(self, one: Rungs, own: NDArray[np.intp]) -> list[float]:
        weights = np.bincount(own, weights=self._rows, minlength=len(one.values)).astype(np.float64)
        entropies = [_entropy(level, weights) for level in one.levels]
        if entropies[0] <= 0:
            return [0.0] * len(entropies)
        lost = [round(min(max(1 - entropy / entropies[0], 0.0), 1.0), 6) for entropy in entropies]
        return [max(lost[: level + 1]) for level in range(len(lost))]


def _entropy(level: Hashes, weights: NDArray[np.float64]) -> float:
    _, code = np.unique(level, return_inverse=True)
    counts = np.bincount(code, weights=weights)
    counts = counts[counts > 0]
    return float(np.log2(counts.sum()) - (counts * np.log2(counts)).sum() / counts.sum()) if len(counts) else 0.0
