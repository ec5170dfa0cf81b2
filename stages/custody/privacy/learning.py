"""Before the first pass, where the policy microaggregates: which values the usable records have, and their groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.privacy import risk
from custody.privacy.gathering import subjects_of
from custody.privacy.merging import Merging
from custody.privacy.techniques import microaggregate

if TYPE_CHECKING:
    from custody.policy.techniques import Microaggregate
    from custody.privacy.inputs import Inputs, Pair
    from custody.records.run import Run

Learnt = dict[str, tuple[risk.Groups, pa.DataType]]
"""By column: the distinct pairs of a value's key and a subject, and the column's type."""


def learnt(inputs: Inputs, run: Run) -> Inputs:
    """Return the inputs with the groups of every microaggregated column; one pass, none where there is no such column.

    Groups are of the records that may be used and are not left out by `suppressing`, before small groups are dropped.
    """
    columns = _microaggregated(inputs)
    if not columns:
        return inputs
    merging = {name: Merging(risk.merge, len) for name in columns}
    kinds: dict[str, pa.DataType] = {}
    for part in run(learn, inputs, inputs.pairs(), "anonymize: learn"):
        for name, (pairs, kind) in part.items():
            merging[name].add(pairs)
            kinds[name] = kind
    classes = {
        name: microaggregate.classes(merging[name].total(), column.size, kinds[name])
        for name, column in columns.items()
        if name in kinds
    }
    return replace(inputs, classes=classes)


def learn(inputs: Inputs, pair: Pair) -> Learnt:
    """Look at one partition."""
    columns = sorted(_microaggregated(inputs))
    table = inputs.read(pair, {*inputs.judged_columns(), *columns, str(inputs.privacy.subject)})
    rows = table.take(pa.array(np.flatnonzero(inputs.usable(pair, table))))
    return {name: _pairs(inputs, rows, name) for name in columns}


def _pairs(inputs: Inputs, rows: pa.Table, name: str) -> tuple[risk.Groups, pa.DataType]:
    values = rows.column(name).combine_chunks()
    keyed, present = microaggregate.keys(values)
    subjects = subjects_of(inputs, rows.filter(pa.array(present)))
    return risk.summarize(keyed[present], subjects, inputs.seeds.subject), values.type


def _microaggregated(inputs: Inputs) -> dict[str, Microaggregate]:
    return {name: one for name, one in inputs.privacy.columns.items() if one.technique == "microaggregate"}
