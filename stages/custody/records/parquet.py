"""Tables as Parquet bytes that depend on the values alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

ROW_GROUP = 131_072
"""Rows; a partition is one group."""
DELTA = "DELTA_BINARY_PACKED"
"""For line numbers and times, which grow in small steps."""
HEAD = 4_096
"""Rows that are decoded at once where the first ones are wanted."""
CODED = 2**20
"""Bytes up to which a dictionary is written: a column of no more than that is coded throughout."""
SAMPLE = 1_024
"""About so many values tell whether a column repeats itself."""


def encode(table: pa.Table) -> bytes:
    """Return a Parquet file: no library metadata, dictionaries decoded first, fixed row groups, zstd.

    A filtered dictionary column would keep removed values in its dictionary page, so each is decoded before writing.
    Parquet's own dictionaries are for columns that repeat values: a dictionary of unique ones costs time and space.
    """
    plain = pa.table({name: _decoded(table.column(name)) for name in table.column_names})
    repeats = {name for name in plain.column_names if _repeats(plain.column(name))}
    sink = pa.BufferOutputStream()
    pq.write_table(
        plain.replace_schema_metadata(None),
        sink,
        row_group_size=ROW_GROUP,
        compression="zstd",
        compression_level=1,
        store_schema=False,
        version="2.6",
        use_dictionary=sorted(repeats),
        column_encoding={one.name: DELTA for one in plain.schema if one.name not in repeats and _counts(one.type)},
        write_statistics=True,
    )
    return cast("bytes", sink.getvalue().to_pybytes())


def decode(data: bytes, name: str, columns: Collection[str] | None = None, *, coded: bool = False) -> pa.Table:
    """Return the table of a Parquet file, in its order, or those of the `columns` that it has; timestamps are UTC.

    `coded`: texts that the file holds each once, with a number for each row, come as they are held, as a dictionary.
    """
    try:
        whole = pa.BufferReader(data)
        known = pq.read_metadata(whole) if coded else None
        file = pq.ParquetFile(whole, metadata=known, read_dictionary=None if known is None else _coded(known))
        chosen = None if columns is None else [one for one in file.schema_arrow.names if one in columns]
        return file.read(columns=chosen, use_threads=False)
    except (pa.ArrowException, OSError):
        raise CustodyError(f"{name}: is not a readable Parquet file; run the stage again") from None


def head(data: bytes, name: str, columns: Collection[str], rows: int) -> pa.Table:
    """Return the first `rows` rows or some more, of the `columns` that the file has; the rest is not decoded."""
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        chosen = [one for one in file.schema_arrow.names if one in columns]
        batches = file.iter_batches(HEAD, columns=chosen, use_threads=False)
        return pa.Table.from_batches(_first(batches, rows), pa.schema(map(file.schema_arrow.field, chosen)))
    except (pa.ArrowException, OSError):
        raise CustodyError(f"{name}: is not a readable Parquet file; run the stage again") from None


def _first(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Yield as few batches, which may be short of what was asked for, as hold so many rows."""
    for batch in batches:
        yield batch
        rows -= batch.num_rows
        if rows <= 0:
            return


def outline(data: bytes, name: str) -> tuple[int, dict[str, str]]:
    """Return how many rows a Parquet file says it has, and the Arrow type of each column in its order."""
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
    except (pa.ArrowException, OSError):
        raise CustodyError(f"{name}: is not a readable Parquet file; run the stage again") from None
    return file.metadata.num_rows, {column.name: str(column.type) for column in file.schema_arrow}


def _coded(known: pq.FileMetaData) -> list[str]:
    """Return the texts of a file of one group that have a dictionary for all their rows."""
    if known.num_row_groups != 1:
        return []
    columns = [known.row_group(0).column(i) for i in range(known.num_columns)]
    return [
        one.path_in_schema
        for one in columns
        if one.physical_type == "BYTE_ARRAY" and one.has_dictionary_page and one.total_uncompressed_size <= CODED
    ]


def _repeats(column: pa.ChunkedArray) -> bool:
    """Say whether at most half of the values are distinct, going by `n` rows at even distances.

    Of `N` rows in which each value stands twice, both are among the n for N/2 · (n/N)² values. Numbers and times have
    another good encoding, and must repeat themselves within the n.
    """
    if pa.types.is_boolean(column.type) or column.null_count == len(column):
        return False
    import numpy as np  # noqa: PLC0415  # late: who only reads may have none

    rows = pa.array(np.arange(0, len(column), max(len(column) // SAMPLE, 1)))
    again = len(rows) - cast("int", pc.count_distinct(column.take(rows), mode="all").as_py())
    return again * 2 * (len(rows) if _counts(column.type) else len(column)) >= len(rows) ** 2


def _counts(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_timestamp(kind))


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column
