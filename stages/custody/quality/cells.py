"""The cells of one column as a check sees them: present, missing, or present but wrong.

A column of texts that repeat may be coded, a dictionary of its texts and a number per row: what is asked of each text
alone is asked once then.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.records import columns, masks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from custody.quality.bits import Mask


@dataclass(frozen=True)
class Cells:
    """A column's values and, where a value could not be converted, its source text in `raw`."""

    held: pa.Array
    """The values, as they are or coded."""
    raw: pa.Array | None = None
    """Source text of cells that are present but not of the column's type; null elsewhere. Coded, or as it is."""

    @classmethod
    def of(cls, table: pa.Table, column: str) -> Cells:
        """Take a column and its raw companion out of a collected partition."""
        raw = columns.raw(column)
        return cls(whole(table, column), whole(table, raw) if raw in table.column_names else None)

    @cached_property
    def values(self) -> pa.Array:
        """The values as they are."""
        return plain(self.held)

    def each(self, asked: Callable[[pa.Array], Mask]) -> Mask:
        """Return what is asked of each value alone, of coded ones once; what it is of null has no meaning."""
        if not pa.types.is_dictionary(self.held.type):
            return asked(self.held)
        if self.held.null_count == len(self.held):
            return np.zeros(len(self.held), dtype=np.bool_)
        found: Mask = asked(self.held.dictionary)[codes(self.held)]
        return found

    @cached_property
    def wrong(self) -> Mask:
        """True where something stands that is not a value of the column's type; NaN and ±inf are no numbers."""
        wrong = np.zeros(len(self.held), dtype=np.bool_) if self.raw is None else valid(self.raw)
        if pa.types.is_floating(self.held.type):
            wrong = wrong | ~np.isfinite(fixed(self.values))
        return wrong

    @cached_property
    def present(self) -> Mask:
        """True where anything stands, right or wrong; the other cells are missing."""
        return valid(self.held) | self.wrong

    @cached_property
    def right(self) -> Mask:
        """True where a value of the column's type stands."""
        return valid(self.held) & ~self.wrong


def mask(condition: pa.Array) -> Mask:
    """Return Arrow booleans as a mask; null is false."""
    return masks.true(condition)


def valid(values: pa.Array) -> Mask:
    """True where a value is not null."""
    return masks.there(values)


def plain(values: pa.Array) -> pa.Array:
    """Return coded values as they are."""
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values


def codes(values: pa.Array) -> NDArray[np.integer]:
    """Return the numbers of coded values; null is 0."""
    return cast("NDArray[np.integer]", values.indices.fill_null(0).to_numpy(zero_copy_only=False))


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
