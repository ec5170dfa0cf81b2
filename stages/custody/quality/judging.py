"""Judge one partition: bits for what it shows by itself, fingerprints and counts for what only all of them show."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np

from custody.quality import alike, checks, conflicts
from custody.quality.bits import Bits, Mask, pack
from custody.quality.cells import Cells, fixed, whole
from custody.quality.checks import predicate, uniform
from custody.quality.fingerprints import Hashing, frame
from custody.quality.missing import missing
from custody.quality.rules import CONFLICTS, DUPLICATES, PREDICATE, Rule
from custody.records.columns import REPEAT, SOURCE, raw

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from numpy.typing import NDArray

    from custody.policy.quality import Predicate, Quality
    from custody.quality.fingerprints import Prints, Seeds

Reason: TypeAlias = str
"""column_missing, nothing_evaluated, or check_failed and the types of what the check raised; never their text."""


@dataclass(frozen=True)
class Plan:
    """What judging a partition takes beside its table; a plain value, so that a worker process can have it."""

    rules: tuple[Rule, ...]
    columns: tuple[str, ...]
    """Columns of the schema, sorted."""
    quality: Quality
    seeds: Seeds

    @property
    def needs(self) -> frozenset[str]:
        """Columns of a collected partition that judging it looks at; whence a record came does not count."""
        return frozenset([*self.columns, *map(raw, self.columns), SOURCE, REPEAT])


@dataclass(frozen=True)
class Marks:
    """Fingerprints for a comparison of all records, and which records take part in it."""

    prints: Prints
    where: Bits
    alike: NDArray[np.int64]
    """Which of `prints` stand for a record that has the same values as one before it in the partition; ascending."""
    numbers: NDArray[np.signedinteger] | None = None
    """Of each record that takes part: for conflicts the policy's preference, for duplicates the repeat count; in as few
    bytes as they take, since all partitions' marks are held at once."""
    suspects: NDArray[np.int64] | None = None
    """Which of `prints` occur more than once, here or in another partition; None where nobody looked."""


@dataclass(frozen=True)
class Judged:
    """What one partition says about the rules. Maps are by rule id."""

    rows: int
    broken: dict[str, Bits] = field(default_factory=dict)
    evaluated: dict[str, int] = field(default_factory=dict)
    """Records that the rule applied to."""
    marks: dict[str, Marks] = field(default_factory=dict)
    classes: dict[str, tuple[Bits, ...]] = field(default_factory=dict)
    failed: dict[str, Reason] = field(default_factory=dict)
    """Rules that could not be judged on this partition; they have no entry elsewhere."""
    missing: dict[str, int] = field(default_factory=dict)
    """Records that lack each column of the schema."""


@dataclass(frozen=True)
class _Work:
    """A partition at work: its table, the cells that rules look at, and what was found so far."""

    table: pa.Table
    plan: Plan
    cells: dict[str, Cells]
    judged: Judged

    @cached_property
    def hashing(self) -> Hashing:
        some = (compared(rule, self.plan) for rule in self.plan.rules if rule.check in {CONFLICTS, "unique"})
        return Hashing(self.table, self.plan.seeds, {name for columns in some for name in columns})

    def count(self, rule: Rule, broken: Mask, applies: Mask) -> None:
        self.judged.broken[rule.id] = pack(broken)
        self.judged.evaluated[rule.id] = int(np.count_nonzero(applies))

    def mark(self, rule: Rule, where: Mask, numbers: NDArray[np.int64] | None = None) -> None:
        columns = compared(rule, self.plan)
        prints, rows = self.hashing.of(columns), None
        if not where.all():
            rows = np.flatnonzero(where)
            prints, numbers = prints[rows], None if numbers is None else numbers[rows]
        same = alike.repeated(partial(frame, self.table, columns, nulls=False), prints, rows)
        self.judged.marks[rule.id] = Marks(prints, pack(where), same, None if numbers is None else narrow(numbers))
        self.judged.evaluated[rule.id] = int(np.count_nonzero(where))


def narrow(numbers: NDArray[np.int64]) -> NDArray[np.signedinteger]:
    """Return the same numbers in the smallest signed type that holds them."""
    least, most = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
    fits = (kind for kind in (np.int8, np.int16, np.int32) if np.iinfo(kind).min <= least <= most <= np.iinfo(kind).max)
    return numbers.astype(next(fits, np.int64), copy=False)


def judge(table: pa.Table, plan: Plan) -> Judged:
    """Judge a collected partition by every rule; a check that errors on this data is a finding, never an exception."""
    present = set(table.column_names)
    columns = {column for rule in plan.rules for column in rule.columns} & present
    work = _Work(
        table,
        plan,
        {column: Cells.of(table, column) for column in columns},
        Judged(table.num_rows, missing=missing(table, plan.columns)),
    )
    for rule in plan.rules:
        if not set(rule.columns) <= present:
            work.judged.failed[rule.id] = "column_missing"
            continue
        try:
            _APPLY.get(rule.check, _check)(work, rule)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever a library raises on this data: the rule is not evaluated, the gate refuses
            work.judged.failed[rule.id] = f"check_failed: {type(error).__name__}"
    return work.judged


def _check(work: _Work, rule: Rule) -> None:
    cells = work.cells[rule.columns[0]]
    broken = checks.CELLWISE[rule.check](cells, rule.words)
    work.count(rule, broken, _everyone(work) if rule.check == "complete" else cells.present)


def _predicate(work: _Work, rule: Rule) -> None:
    left, *right = (work.cells[column] for column in rule.columns)
    work.count(rule, *predicate.broken(left, right[0] if right else None, cast("Predicate", rule.words)))


def compared(rule: Rule, plan: Plan) -> tuple[str, ...]:
    """Return the columns by which a rule compares records: the key, the column itself, or all."""
    if rule.check == DUPLICATES:
        return plan.columns
    return plan.quality.key if rule.check == CONFLICTS else rule.columns


def _unique(work: _Work, rule: Rule) -> None:
    work.mark(rule, work.cells[rule.columns[0]].present)


def _uniform(work: _Work, rule: Rule) -> None:
    masks = uniform.classes(work.cells[rule.columns[0]])
    work.judged.classes[rule.id] = tuple(pack(mask) for mask in masks)
    work.judged.evaluated[rule.id] = int(np.count_nonzero(masks))


def _duplicates(work: _Work, rule: Rule) -> None:
    work.mark(rule, _everyone(work), fixed(whole(work.table, REPEAT)).astype(np.int64))


def _conflicts(work: _Work, rule: Rule) -> None:
    quality = work.plan.quality
    keyed = np.logical_and.reduce([work.cells[column].right for column in quality.key])
    newest = None if quality.newest is None else work.cells.get(quality.newest)
    work.mark(rule, keyed, conflicts.preference(whole(work.table, SOURCE), newest, quality))


def _everyone(work: _Work) -> Mask:
    return np.ones(work.table.num_rows, dtype=np.bool_)


_APPLY: dict[str, Callable[[_Work, Rule], None]] = {
    CONFLICTS: _conflicts,
    DUPLICATES: _duplicates,
    PREDICATE: _predicate,
    "uniform": _uniform,
    "unique": _unique,
}
"""Rules that are more than a look at each cell of one column."""
