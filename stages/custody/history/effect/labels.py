"""How many rows of each class two candidates have; a class is named only where a policy itself names it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from custody.history.shown import moves

if TYPE_CHECKING:
    from custody.history.effect.running import Cell
    from custody.policy import Policy
    from custody.records.folder import Folder, Partition
    from custody.records.run import Run


def balance(
    before: Cell, after: Cell, k: int, run: Run, *, vague: bool = False
) -> dict[str, dict[str, list[int | str]]]:
    """Return the rows per class, before and after as people may see them, by label column.

    All classes add up to how many rows there are more; where that is `vague`, classes tell only which way they moved.
    """
    found = {}
    for column in sorted({*_labels(before), *_labels(after)}):
        old, new = (_counted(one, column, run) for one in (before, after))
        if old == new:
            continue
        words = {word for one in (before, after) for word in _named(one.policy, column)}
        order = sorted({*old, *new}, key=lambda name: (name not in words, -old[name], -new[name], name))
        unnamed = (f"class {number}" for number in range(1, len(order) + 1))
        told = moves(old, new, k, vague=vague)
        found[column] = {name if name in words else next(unnamed): list(told[name]) for name in order}
    return found


def _labels(cell: Cell) -> list[str]:
    return [name for name, one in cell.policy.privacy.columns.items() if one.role == "label"]


def _counted(cell: Cell, column: str, run: Run) -> Counter[str]:
    if column not in cell.measured.columns:
        return Counter()
    shared = (cell.candidate, column)
    return sum(run(_classes, shared, cell.candidate.partitions, "review: labels"), Counter[str]())


def _classes(shared: tuple[Folder, str], partition: Partition) -> Counter[str]:
    folder, column = shared
    values = folder.read(partition, [column]).column(column).drop_null()
    return Counter({str(one["values"]): one["counts"] for one in pc.value_counts(values).to_pylist()})


def _named(policy: Policy, column: str) -> list[str]:
    """Return the classes that an `allowed` rule of the policy names."""
    checks = policy.quality.rules.get(column)
    allowed = getattr(checks, "allowed", None)
    return [str(one) for one in allowed.values] if allowed is not None else []
