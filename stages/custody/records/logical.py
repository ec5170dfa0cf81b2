"""The logical digest: of the values in a table, whatever library wrote them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.records.digest import canonical
from custody.records.masks import there, true

if TYPE_CHECKING:
    from collections.abc import Iterator


def digest(table: pa.Table) -> str:
    """SHA-256 of names, types and values in order; it survives another Parquet writer, not another order of rows.

    Per column: name and type; a byte that tells whether all values are there, none or some, and for some a bit per row
    (the first in the lowest bit); then, unless none is there, lengths (int32, little endian; int64 of large types) and
    bytes of texts, or the fixed-width values. What stands under a null counts as zero, and every NaN as one NaN.
    """
    whole = hashlib.sha256(table.num_rows.to_bytes(8, "little"))
    for name in table.column_names:
        values = _whole(table.column(name))
        whole.update(canonical([name, str(values.type)]))
        if not values.null_count:
            whole.update(b"\0")
        elif values.null_count == len(values):
            whole.update(b"\1")
            continue
        else:
            whole.update(b"\2" + np.packbits(there(values), bitorder="little").tobytes())
        for part in _parts(values):
            whole.update(part)
    return whole.hexdigest()


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array; one that is whole already is not copied."""
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks or [pa.array([], column.type)])


def _parts(values: pa.Array) -> Iterator[Any]:
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield from _texts(values)
    elif pa.types.is_boolean(kind):
        yield true(values).data
    elif pa.types.is_floating(kind):
        numbers = pc.fill_null(values, 0.0).to_numpy(zero_copy_only=False)
        yield np.ascontiguousarray(np.where(np.isnan(numbers), np.nan, numbers), "<f8").data
    else:
        numbers = pc.fill_null(values.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        yield np.ascontiguousarray(numbers, "<i8").data


def _texts(values: pa.Array) -> Iterator[Any]:
    """Yield lengths and bytes; copies nothing, unless something stands under a null."""
    width = "<i4" if pa.types.is_string(values.type) else "<i8"
    _, offsets, data = values.buffers()
    edges = np.frombuffer(offsets or bytes(8), width)[values.offset : values.offset + len(values) + 1]
    lengths = np.diff(edges)
    if values.null_count and lengths[~there(values)].any():
        yield from _texts(pc.fill_null(values, ""))
        return
    yield lengths.data
    if data is not None:
        yield memoryview(data)[int(edges[0]) : int(edges[-1])]
