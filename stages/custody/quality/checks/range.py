"""`range`: a present value lies between two bounds, both allowed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.policy.quality import instant
from custody.quality.cells import fixed

if TYPE_CHECKING:
    from custody.policy.quality import Range
    from custody.quality.bits import Mask
    from custody.quality.cells import Cells


def broken(cells: Cells, rule: Range) -> Mask:
    """True where a value lies outside [min, max]; NaN, ±inf and text in a numeric column break the rule.

    Bounds of a timestamp column are ISO 8601 times, UTC where they carry no offset. Integers are compared exactly.
    """
    values, kind = fixed(cells.values), cells.values.type
    outside = np.zeros(len(values), dtype=np.bool_)
    if rule.min is not None:
        low = _bound(rule.min, kind)
        outside |= values < (low if pa.types.is_floating(kind) else math.ceil(low))
    if rule.max is not None:
        high = _bound(rule.max, kind)
        outside |= values > (high if pa.types.is_floating(kind) else math.floor(high))
    return (outside & cells.right) | cells.wrong


def _bound(bound: float | str, kind: pa.DataType) -> float:
    if isinstance(bound, str) and pa.types.is_temporal(kind):
        return instant(bound)
    if isinstance(bound, str) or not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        raise TypeError
    return bound
