"""on_violation: generalize: the levels of the quasi-identifiers' ladders that reach what the policy asks of groups.

All partitions are judged together, on merged groups: `k`, `l`, `l_entropy` and `t` must hold once the rows of groups
that miss them are dropped, and no more rows may be dropped than `max_suppressed` allows. Of the levels that reach this
the least lossy are taken (`risk.coarsening`, `risk.lattice`). Where none do, not even the coarsest, the columns go to
their coarsest and nothing is dropped: the gate then refuses, on this and on the figures themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from custody.errors import CustodyError
from custody.privacy.risk import coarsening, measuring
from custody.privacy.risk.groups import sizes
from custody.privacy.risk.hashing import contains, hashes
from custody.privacy.risk.lattice import Verdict, search
from custody.privacy.techniques import ladder
from custody.privacy.techniques import registry as techniques

if TYPE_CHECKING:
    from custody.policy.techniques import AnyColumn
    from custody.privacy.inputs import Inputs
    from custody.privacy.risk.coarsening import Coarsening, Combinations, Rungs
    from custody.privacy.risk.groups import Groups
    from custody.privacy.risk.hashing import Hashes
    from custody.privacy.risk.lattice import Found, Levels
    from custody.privacy.risk.measuring import Small

LARGEST = 200_000
"""Combinations of levels that are searched at most."""


@dataclass(frozen=True)
class Chosen:
    """The levels, the treatments that they are, the groups that are left small, and what the report tells of it."""

    levels: Levels
    columns: dict[str, AnyColumn]
    groups: Groups
    small: Small
    told: dict[str, Any]


def ladders(inputs: Inputs) -> dict[str, tuple[AnyColumn, ...]]:
    """Return the ladder of each quasi-identifier, in the order of names; `CustodyError` where they are too many."""
    columns, kinds, own = inputs.privacy.columns, inputs.kinds, inputs.privacy.hierarchies
    found = {
        name: ladder.steps(columns[name], kinds[name], own) if inputs.generalizes else (columns[name],)
        for name in inputs.quasi
    }
    nodes = int(np.prod([len(steps) for steps in found.values()], dtype=np.float64))
    if nodes > LARGEST:
        raise CustodyError(
            f"privacy.on_violation: generalize would have to look at {nodes:,} combinations of levels, more than "
            f"{LARGEST:,}; give fewer columns the role quasi, or a coarser treatment to begin with"
        )
    return found


def combinations(inputs: Inputs, table: pa.Table, released: dict[str, pa.Array]) -> Combinations:
    """Return the combinations of one partition: `table` holds its records, `released` their columns at level 0."""
    columns, climbed = [], []
    for name, steps in ladders(inputs).items():
        own = hashes(pa.chunked_array([released[name]]), inputs.seeds.quasi)
        columns.append(own)
        climbed.append(_climb(inputs, name, steps, table, own))
    return coarsening.combine(columns, climbed, table.num_rows)


def _climb(inputs: Inputs, name: str, steps: tuple[AnyColumn, ...], table: pa.Table, own: Hashes) -> Rungs:
    """Return the hashes on every level of one raw value for each value at level 0."""
    first = np.unique(own, return_index=True)[1]
    rows = table.take(pa.array(first))
    values, given, levels = rows.column(name).combine_chunks(), inputs.given(name, rows), [own[first]]
    for step in steps[1:]:
        done = techniques.transform(values, step, inputs.kinds[name], inputs.collected.zone, given=given)
        levels.append(hashes(pa.chunked_array([done.values]), inputs.seeds.quasi))
    return coarsening.rungs(levels)


def choose(inputs: Inputs, groups: Groups, told: Combinations) -> Chosen:
    """Return the least lossy levels for merged groups, at least one, and combinations of all records that may be used.

    A policy that does not generalize has the one level of each column, and any number of rows may be dropped.
    """
    steps = ladders(inputs)
    ready = coarsening.Coarsening(groups, told)
    losses = ready.losses()
    found = search(losses, lambda levels: judge(inputs, ready, levels))
    reached = found.levels is not None
    levels = found.levels if found.levels is not None else tuple(height - 1 for height in ready.heights)
    coarse = ready.at(levels)
    small = measuring.small(coarse, inputs.privacy, inputs.sensitive) if reached else measuring.NO_GROUP
    columns = {name: _step(own, level) for (name, own), level in zip(steps.items(), levels, strict=True)}
    lost = [loss[level] for loss, level in zip(losses, levels, strict=True)]
    return Chosen(levels, columns, coarse, small, _told(found, steps, levels, lost))


def _step(steps: tuple[AnyColumn, ...], level: int) -> AnyColumn:
    """Return a treatment of a ladder, which folds rare categories where the policy's own does."""
    return steps[level].model_copy(update={"fold_rare": steps[0].fold_rare})


def judge(inputs: Inputs, ready: Coarsening, levels: Levels) -> Verdict:
    """Tell whether what is asked of groups holds on these levels, within the rows that may be dropped for it."""
    privacy, coarse = inputs.privacy, ready.at(levels)
    group, _, rows = sizes(coarse)
    most = privacy.max_suppressed or 0.0 if inputs.generalizes else 1.0
    limit = Fraction(Decimal(repr(most))) * ready.rows
    monotone = privacy.model_copy(update={"t": None})
    if _dropped(measuring.small(coarse, monotone, inputs.sensitive), group, rows) > limit:
        return Verdict.SHORT
    if privacy.t is None:
        return Verdict.HOLDS
    far = _dropped(measuring.small(coarse, privacy, inputs.sensitive), group, rows) > limit
    return Verdict.FAR if far else Verdict.HOLDS


def _dropped(small: Small, group: Hashes, rows: np.ndarray[Any, np.dtype[np.int64]]) -> int:
    return int(rows[contains(small.few, group) | contains(small.skewed, group)].sum())


def _told(found: Found, steps: dict[str, tuple[AnyColumn, ...]], levels: Levels, lost: list[float]) -> dict[str, Any]:
    columns = {
        name: {"level": level, "levels": len(own) - 1, "treatment": treatment(own[level]), "loss": loss}
        for (name, own), level, loss in zip(steps.items(), levels, lost, strict=True)
    }
    return {
        "reached": found.levels is not None,
        "loss": round(sum(lost) / len(lost), 6) if lost else 0.0,
        "combinations": found.nodes,
        "tested": found.tested,
        "complete": found.complete,
        "columns": columns,
    }


def treatment(column: AnyColumn) -> str:
    """Say what is done to a column in the words of the policy: `round_time, to 7d`."""
    own = column.model_dump(mode="json", exclude_defaults=True, exclude={"role", "technique", "fold_rare"})
    return ", ".join([column.technique, *(f"{key} {_plain(value)}" for key, value in own.items())])


def _plain(value: Any) -> str:
    return " ".join(str(one) for one in value) if isinstance(value, list) else str(value)
