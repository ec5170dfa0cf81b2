"""Predicates: `left op right` over two columns, or a column and a constant, in a closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from custody.policy.quality import instant
from custody.quality.cells import mask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custody.policy.quality import Predicate
    from custody.quality.bits import Mask
    from custody.quality.cells import Cells

HOLDS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": pc.less,
    "<=": pc.less_equal,
    "==": pc.equal,
    "!=": pc.not_equal,
    ">=": pc.greater_equal,
    ">": pc.greater,
}
EXACT = 2**53
"""Integers up to here are doubles, too."""


def broken(left: Cells, right: Cells | None, rule: Predicate) -> tuple[Mask, Mask]:
    """Return where the predicate is broken, and where it applies: both sides present. A wrong side breaks it.

    Texts are compared by code point. An integer is compared with a column of numbers as the nearest double.
    """
    if right is None:
        applies, right_side, operand = left.present, left.right, _constant(rule.value, left.values.type)
    else:
        applies, right_side, operand = left.present & right.present, left.right & right.right, right.values
    holds = mask(HOLDS[rule.op](_comparable(left.values, operand), _comparable(operand, left.values)))
    return applies & ~(holds & right_side), applies


def _constant(value: float | str | None, kind: pa.DataType) -> pa.Scalar:
    if isinstance(value, str):
        return pa.scalar(instant(value), kind) if pa.types.is_temporal(kind) else pa.scalar(value)
    if value is not None and pa.types.is_integer(kind) and (isinstance(value, int) or _is_whole(value)):
        return pa.scalar(int(value), kind)
    return pa.scalar(value)


def _is_whole(value: float) -> bool:
    return value.is_integer() and abs(value) <= EXACT


def _comparable(side: Any, other: Any) -> Any:
    """Cast integers that meet doubles without Arrow's check of precision, which would fail beyond 2**53."""
    if pa.types.is_integer(side.type) and pa.types.is_floating(other.type):
        return pc.cast(side, pa.float64(), safe=False)
    return side
