"""The steps: the quasi-identifiers go up their ladders in turn, those with many levels more often."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from custody.privacy import rowid
from custody.privacy.techniques import ladder, registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from custody.policy.techniques import AnyColumn
    from custody.privacy.inputs import Inputs


@dataclass(frozen=True)
class Step:
    """How the quasi-identifiers are treated on one step; step 0 is the policy as it stands."""

    number: int
    treatments: dict[str, AnyColumn]

    def words(self) -> str:
        """Say it in the words of the policy."""
        return "; ".join(f"{name} {_said(column)}" for name, column in self.treatments.items())


def steps(inputs: Inputs) -> list[Step]:
    """Return every step; each raises one column by one level, the last leaves the quasi-identifiers no value."""
    columns, own = inputs.privacy.columns, inputs.privacy.hierarchies
    ladders = {name: ladder.steps(columns[name], inputs.kinds[name], own) for name in inputs.quasi}
    raises = sorted(
        (Fraction(level, len(one) - 1), name, level) for name, one in ladders.items() for level in range(1, len(one))
    )
    levels = dict.fromkeys(ladders, 0)
    found = [Step(0, {name: one[0] for name, one in ladders.items()})]
    for _, name, level in raises:
        levels[name] = level
        found.append(Step(len(found), {each: one[levels[each]] for each, one in ladders.items()}))
    return found


def released(inputs: Inputs, table: pa.Table, step: Step, names: Iterable[str]) -> dict[str, pa.Array]:
    """Return the named columns as they would be released on this step."""
    zone, done = inputs.collected.zone, {}
    # The noise of a release follows its row ids; here any draw of the same kind tells as much.
    ids = rowid.blocks(zone.derive("frontier/noise"), np.arange(table.num_rows, dtype=np.int64))
    for name in names:
        column = step.treatments.get(name, inputs.privacy.columns[name])
        given, values = inputs.given(name, table, ids), table.column(name).combine_chunks()
        written = registry.transform(values, column, inputs.kinds[name], zone, given=given).values
        if written is not None:
            done[name] = written
    return done


def _said(column: AnyColumn) -> str:
    own = column.model_dump(mode="json", exclude_defaults=True, exclude={"role", "technique", "values"})
    return " ".join([column.technique, *(f"{key} {_plain(value)}" for key, value in own.items())])


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
