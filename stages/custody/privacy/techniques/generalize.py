"""generalize: a value becomes a class that several share.

`bins` [0, 10, 100] gives the texts `<0`, `[0, 10)`, `[10, 100)` and `≥100`; `top` alone keeps the numbers and lowers
larger ones to it (top coding, ISO/IEC 20889, 11.2), with `bins` it comes first; `prefix` keeps the first characters
of a text.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from custody.policy.privacy import Generalize
    from custody.policy.schema import FieldType
    from custody.records.zone import Zone


def apply(values: pa.Array, column: Generalize, kind: FieldType, zone: Zone) -> pa.Array:  # noqa: ARG001  # keyless
    """Return classes: strings for `bins` and `prefix`, the column's own type for `top` alone; null stays null.

    Of an integer column `top` is rounded down to a whole number.
    """
    if column.prefix is not None:
        return pc.utf8_slice_codeunits(values, 0, column.prefix)
    if column.top is not None:
        top = math.floor(column.top) if pa.types.is_integer(values.type) else column.top
        values = pc.if_else(pc.greater(values, pa.scalar(top, values.type)), pa.scalar(top, values.type), values)
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
