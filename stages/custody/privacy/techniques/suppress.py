"""suppress: a column is left out, or the records that hold a value, or the cells that do are emptied.

Records are left out before anything is counted (`suppressing`). What is left of their column, and cells, are the same
work here: the value is gone, the row stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custody.policy.quality import instant, whole
from custody.privacy.canonical import canonical, text

if TYPE_CHECKING:
    from custody.policy.schema import FieldType
    from custody.policy.techniques import Suppress
    from custody.records.zone import Zone


def apply(values: pa.Array, column: Suppress, kind: FieldType, zone: Zone) -> pa.Array | None:  # noqa: ARG001  # keyless
    """Return the values with the chosen ones empty (same type), None where the column has no released form."""
    if column.left_out:
        return None
    return pc.if_else(chosen(values, column, kind), pa.scalar(None, values.type), values)


def chosen(values: pa.Array, column: Suppress, kind: FieldType) -> pa.Array:
    """Return which values are suppressed (booleans, none null; a null is not)."""
    if column.whole:
        return values.is_valid()
    found = pc.is_in(canonical(values, kind), value_set=canonical(_typed(column.values, kind, values.type), kind))
    if column.matches is not None:
        found = pc.or_(found, pc.match_substring_regex(text(values, kind), whole(column.matches)))
    return pc.and_(values.is_valid(), pc.fill_null(found, False))  # noqa: FBT003  # the value of nulls


def _typed(texts: tuple[str, ...], kind: FieldType, held: pa.DataType) -> pa.Array:
    if kind == "timestamp":
        return pa.array([instant(one) for one in texts], pa.int64()).cast(held)
    return pa.array(texts, pa.string()).cast(held)
