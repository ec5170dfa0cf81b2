"""generalize: a value becomes a class that several share.

`bins` [0, 10, 100] gives the texts `<0`, `[0, 10)`, `[10, 100)` and `≥100`; `top` and `bottom` alone keep the numbers,
lower larger ones to it and raise smaller ones (top and bottom coding, ISO/IEC 20889), with `bins` they come first;
`prefix` keeps the first characters of a text; by a hierarchy: see `hierarchy`.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from custody.policy.schema import FieldType
    from custody.policy.techniques import Generalize
    from custody.records.zone import Zone


def apply(values: pa.Array, column: Generalize, kind: FieldType, zone: Zone) -> pa.Array:  # noqa: ARG001  # keyless
    """Return classes: strings for `bins` and `prefix`, the column's own type for codes alone; null stays null.

    Of an integer column `top` is rounded down to a whole number, `bottom` up. NaN is coded by neither.
    """
    if column.prefix is not None:
        return pc.utf8_slice_codeunits(values, 0, column.prefix)
    whole = pa.types.is_integer(values.type)
    if column.top is not None:
        top = pa.scalar(math.floor(column.top) if whole else column.top, values.type)
        values = pc.if_else(pc.greater(values, top), top, values)
    if column.bottom is not None:
        bottom = pa.scalar(math.ceil(column.bottom) if whole else column.bottom, values.type)
        values = pc.if_else(pc.less(values, bottom), bottom, values)
    return _labels(values, column.bins) if column.bins else values


def _labels(values: pa.Array, edges: tuple[float, ...]) -> pa.Array:
    """Text of the half-open interval that holds each number."""
    whole = pa.types.is_integer(values.type)
    # A large integer is not exact as a float; x ≥ edge is x ≥ ceil(edge) for whole x.
    numbers = values.fill_null(0).to_numpy(zero_copy_only=False)
    bounds = np.array([math.ceil(edge) for edge in edges], dtype=np.int64) if whole else np.array(edges)
    place = np.searchsorted(bounds, numbers, side="right")
    names = [_plain(edge) for edge in edges]
    inner = [f"[{low}, {high})" for low, high in pairwise(names)]
    labels = pa.array([f"<{names[0]}", *inner, f"≥{names[-1]}"], pa.string())
    missing = values.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
    return labels.take(pa.array(place, mask=missing))


def _plain(edge: float) -> str:
    return str(int(edge)) if edge.is_integer() else repr(edge)
