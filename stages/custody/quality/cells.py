"""The cells of one column as a check sees them: present, missing, or present but wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.records import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.quality.bits import Mask


@dataclass(frozen=True)
class Cells:
    """A column's values and, where a value could not be converted, its source text in `raw`."""

    values: pa.Array
    raw: pa.Array | None = None
    """Source text of cells that are present but not of the column's type; null elsewhere."""

    @classmethod
    def of(cls, table: pa.Table, column: str) -> Cells:
        """Take a column and its raw companion out of a collected partition."""
        raw = columns.raw(column)
        return cls(whole(table, column), whole(table, raw) if raw in table.column_names else None)

    @cached_property
    def wrong(self) -> Mask:
        """True where something stands that is not a value of the column's type; NaN and ±inf are no numbers."""
        wrong = np.zeros(len(self.values), dtype=np.bool_) if self.raw is None else valid(self.raw)
        if pa.types.is_floating(self.values.type):
            wrong = wrong | ~np.isfinite(fixed(self.values))
        return wrong

    @cached_property
    def present(self) -> Mask:
        """True where anything stands, right or wrong; the other cells are missing."""
        return valid(self.values) | self.wrong

    @cached_property
    def right(self) -> Mask:
        """True where a value of the column's type stands."""
        return valid(self.values) & ~self.wrong


def mask(condition: pa.Array) -> Mask:
    """Return Arrow booleans as a mask; null is false."""
    whole = condition if condition.null_count == 0 else pc.fill_null(condition, False)  # noqa: FBT003  # Arrow's own
    return cast("Mask", whole.to_numpy(zero_copy_only=False))


def valid(values: pa.Array) -> Mask:
    """True where a value is not null."""
    if values.null_count == 0:
        return np.ones(len(values), dtype=np.bool_)
    return cast("Mask", values.is_valid().to_numpy(zero_copy_only=False))


def fixed(values: pa.Array) -> NDArray[np.int64] | NDArray[np.float64]:
    """Return numbers, or times as microseconds since 1970 in UTC; null is 0. `TypeError` for other types."""
    plain = values.cast(pa.timestamp("us", "UTC")).cast(pa.int64()) if pa.types.is_temporal(values.type) else values
    if not (pa.types.is_integer(plain.type) or pa.types.is_floating(plain.type)):
        raise TypeError
    return (pc.fill_null(plain, 0) if plain.null_count else plain).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def whole(table: pa.Table, name: str) -> pa.Array:
    """Return a column as one array, without a copy where it is one already."""
    column = table.column(name)
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
