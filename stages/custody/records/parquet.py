"""Tables as Parquet bytes that depend on the values alone."""

from __future__ import annotations

from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq

from custody.errors import CustodyError

ROW_GROUP = 65_536


def encode(table: pa.Table) -> bytes:
    """Return a Parquet file: no library metadata, dictionaries decoded first, fixed row groups, zstd.

    A filtered dictionary column would keep removed values in its dictionary page, so each is decoded before writing.
    """
    plain = pa.table({name: _decoded(table.column(name)) for name in table.column_names})
    sink = pa.BufferOutputStream()
    pq.write_table(
        plain.replace_schema_metadata(None),
        sink,
        row_group_size=ROW_GROUP,
        compression="zstd",
        compression_level=3,
        store_schema=False,
        version="2.6",
        use_dictionary=True,
        write_statistics=True,
    )
    return cast("bytes", sink.getvalue().to_pybytes())


def decode(data: bytes, name: str) -> pa.Table:
    """Return the table of a Parquet file; timestamps are UTC."""
    try:
        return pq.read_table(pa.BufferReader(data), use_threads=False)
    except (pa.ArrowException, OSError):
        raise CustodyError(f"{name}: is not a readable Parquet file; run the stage again") from None


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column
