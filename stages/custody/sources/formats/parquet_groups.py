"""The row groups of a Parquet file in batches of bounded size, however much their dictionaries multiply.

A column of one long text and a million references to it takes some kilobytes in the file and gigabytes when decoded. So
one row of each group is read first, which loads the dictionaries: their longest entries bound what a row can take.
Inside lists nothing bounds a row; there dictionaries stay as they are until a cell becomes text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from custody.errors import CustodyError
from custody.sources.formats.arrow_sizes import entries, multiplies, sizes
from custody.sources.streams.sizes import BYTES, ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

BUDGET = 8 * BYTES
"""A batch takes about so many bytes decoded, or is one row."""
DELTA = {"DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"}
DELTA_ROWS = 1024
"""Rows decoded at once in a group with such texts, which may repeat the one before without bound."""


def batches(source: BinaryIO, meta: pq.FileMetaData, columns: list[str], limit: int) -> Iterator[pa.RecordBatch]:
    """Yield the rows of `columns` in batches of at most 65,536 rows and about 32 MiB, dictionaries inside lists kept.

    `CustodyError` where they take more than `limit` bytes when decoded. Raises what Arrow raises at damage.
    """
    leaves = [meta.schema.column(i) for i in range(meta.num_columns)]
    delta = {path for group in range(meta.num_row_groups) for path in _delta(meta.row_group(group))}
    texts = [leaf for leaf in leaves if leaf.physical_type == "BYTE_ARRAY" and leaf.path not in delta]
    lists = [leaf.path for leaf in texts if leaf.max_repetition_level]
    probe = pq.ParquetFile(source, metadata=meta, read_dictionary=[leaf.path for leaf in texts])
    file = pq.ParquetFile(source, metadata=meta, read_dictionary=lists)
    total = 0
    for batch in _gathered(_steps(file, probe, columns)):
        total += _size(batch)
        if total > limit:
            raise too_large(limit)
        yield batch


def too_large(limit: int) -> CustodyError:
    """Return the error for a file of more than `limit` bytes."""
    return CustodyError(f"the file decompresses to more than {limit} bytes; raise format.max_expanded_bytes if it may")


def _steps(file: pq.ParquetFile, probe: pq.ParquetFile, columns: list[str]) -> Iterator[pa.RecordBatch]:
    for group in range(file.metadata.num_row_groups):
        rows = _rows(file.metadata.row_group(group), probe, group, columns)
        for batch in file.iter_batches(rows, row_groups=[group], columns=columns, use_threads=False):
            yield from _slices(batch)


def _rows(meta: pq.RowGroupMetaData, probe: pq.ParquetFile, group: int, columns: list[str]) -> int:
    """Return how many rows of a group may be decoded at once."""
    rows = min(ROWS, max(1, BUDGET * meta.num_rows // max(meta.total_byte_size, 1)))
    if _delta(meta):
        return int(min(rows, DELTA_ROWS))
    first = next(probe.iter_batches(1, row_groups=[group], columns=columns, use_threads=False), None)
    longest = sum(_longest(column) for column in first.columns) if first is not None else 0
    fixed = sum(_width(field.type) for field in probe.schema_arrow if field.name in {c.split(".")[0] for c in columns})
    return int(max(1, min(rows, BUDGET // max(longest + fixed, 1))))


def _delta(meta: pq.RowGroupMetaData) -> list[str]:
    """Return the paths of texts in a delta encoding, which Arrow does not read as dictionaries."""
    chunks = [meta.column(i) for i in range(meta.num_columns)]
    return [chunk.path_in_schema for chunk in chunks if DELTA & set(chunk.encodings)]


def _longest(array: pa.Array) -> int:
    """Return the sum of the longest entries of all dictionaries of `array` outside lists."""
    if pa.types.is_struct(array.type):
        return sum(_longest(array.field(i)) for i in range(array.type.num_fields))
    return int(pc.max(entries(array)).as_py() or 0) if pa.types.is_dictionary(array.type) else 0


def _width(kind: pa.DataType) -> int:
    if pa.types.is_struct(kind):
        return sum(_width(field.type) for field in kind)
    return int(kind.byte_width) if pa.types.is_fixed_size_binary(kind) else 0


def _slices(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Cut `batch` so that no part is beyond the budget once its dictionaries are decoded, or is one row."""
    if not _multiplies(batch):
        yield batch
        return
    ends = np.cumsum(sum((sizes(column) for column in batch.columns), np.zeros(batch.num_rows, np.int64)))
    start = 0
    while start < batch.num_rows:
        taken = int(ends[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(ends, taken + BUDGET, "right")))
        yield batch.slice(start, end - start)
        start = end


def _gathered(steps: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Join small batches, so that few rows decoded at once do not make many; each dictionary stays in its own."""
    kept: list[pa.RecordBatch] = []
    rows = size = 0
    for step in steps:
        more = _size(step)
        if kept and (_multiplies(step) or rows + step.num_rows > ROWS or size + more > BUDGET):
            yield _joined(kept)
            kept, rows, size = [], 0, 0
        kept.append(step)
        rows, size = rows + step.num_rows, size + more
    if kept:
        yield _joined(kept)


def _joined(kept: list[pa.RecordBatch]) -> pa.RecordBatch:
    return kept[0] if len(kept) == 1 else pa.concat_batches(kept)


def _multiplies(batch: pa.RecordBatch) -> bool:
    return any(multiplies(kind) for kind in batch.schema.types)


def _size(batch: pa.RecordBatch) -> int:
    return sum(int(sizes(column).sum()) if multiplies(column.type) else column.nbytes for column in batch.columns)
