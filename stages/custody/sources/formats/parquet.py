"""Apache Parquet, row group by row group. Lines are row numbers, from 1.

A path such as `id.orig_h` is tried as the name of a column first, then as a field inside a struct. What the values
become stands in `arrow_scalars`.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from custody.errors import CustodyError
from custody.sources.formats.arrow_scalars import scalars
from custody.sources.formats.parquet_groups import batches, too_large
from custody.sources.formats.reading import Batch, table_of
from custody.sources.streams.spool import spooled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.policy.sources import Parquet

UNREADABLE = (pa.ArrowException, OSError, EOFError)


def read(stream: BinaryIO, format: Parquet, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # the policy's word
    """Yield the rows of `stream`; the last batch has no rows.

    `CustodyError`: not Parquet, damaged, two columns of one name, or more than `max_expanded_bytes` when decompressed.
    An empty file has no rows and misses everything.
    """
    with closing(spooled(stream)) as source:
        yield from _read(source, format, wanted)


def _read(source: BinaryIO, format: Parquet, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # as above
    if not source.read(1):
        yield Batch(table_of({}, wanted, 0), np.empty(0, np.int64), missing=frozenset(wanted))
        return
    source.seek(0)
    file = _open(source, format.max_expanded_bytes)
    schema = file.schema_arrow
    paths = {name: path for name in dict.fromkeys(wanted) if (path := _path(schema, name))}
    asked = _File(wanted, paths, frozenset(_dropped(schema, "", wanted)), format.max_record_bytes)
    row = 1
    for records in _batches(source, file.metadata, list(paths), format.max_expanded_bytes):
        yield _batch(records, asked, row)
        row += records.num_rows
    yield asked.batch({}, np.empty(0, np.int64), [], {})


@dataclass(frozen=True)
class _File:
    """What is wanted of one file, and what its schema says to that."""

    wanted: Sequence[str]
    paths: dict[str, tuple[str, ...]]
    dropped: frozenset[str]
    limit: int

    def batch(
        self,
        columns: dict[str, pa.Array],
        lines: np.ndarray,
        malformed: list[tuple[int, str]],
        mixed: dict[str, np.ndarray],
    ) -> Batch:
        table = table_of(columns, self.wanted, len(lines))
        missing = frozenset(self.wanted) - set(self.paths)
        return Batch(table, lines, malformed, dropped=self.dropped, missing=missing, mixed=mixed)


def _open(source: BinaryIO, limit: int) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(source)
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        names = file.schema_arrow.names
    except UNREADABLE:
        raise _damaged() from None
    if sum(group.total_byte_size for group in groups) > limit:
        raise too_large(limit)
    for position, name in enumerate(names):
        if name in names[:position]:
            raise CustodyError(
                f"columns {names.index(name) + 1} and {position + 1} have the same name; each needs its own"
            )
    return file


def _damaged() -> CustodyError:
    return CustodyError("the file is not Parquet, or is damaged or cut off; fetch it again or check format.type")


def _batches(source: BinaryIO, meta: pq.FileMetaData, columns: list[str], limit: int) -> Iterator[pa.RecordBatch]:
    found = batches(source, meta, columns, limit)
    while True:
        try:
            yield next(found)
        except StopIteration:
            return
        except UNREADABLE:
            raise _damaged() from None


def _path(fields: pa.Schema | pa.StructType, name: str) -> tuple[str, ...]:
    """Return the field names that lead to `name`, none if nothing does: the name as it stands first, then inside."""
    if fields.names.count(name) > 1:
        raise CustodyError("a wanted field stands in a struct with two fields of its name; each needs its own")
    if name in fields.names:
        return (name,)
    at = name.rfind(".")
    while at > 0:
        if fields.names.count(name[:at]) == 1:
            inner = fields.field(name[:at]).type
            rest = _path(inner, name[at + 1 :]) if pa.types.is_struct(inner) else ()
            if rest:
                return (name[:at], *rest)
        at = name.rfind(".", 0, at)
    return ()


def _dropped(fields: pa.Schema | pa.StructType, prefix: str, wanted: Sequence[str]) -> Iterator[str]:
    for field in fields:
        path = prefix + field.name
        if path in wanted:
            continue
        if pa.types.is_struct(field.type) and any(name.startswith(path + ".") for name in wanted):
            yield from _dropped(field.type, path + ".", wanted)
        else:
            yield path


def _batch(records: pa.RecordBatch, file: _File, first: int) -> Batch:
    lines = np.arange(first, first + records.num_rows, dtype=np.int64)
    found = {name: scalars(_walk(records, path), file.limit) for name, path in file.paths.items()}
    reasons: dict[int, str] = {}
    for column in found.values():
        reasons |= column.malformed
    columns = {name: column.values for name, column in found.items()}
    mixed = {name: column.mixed for name, column in found.items() if column.mixed is not None}
    if not reasons:
        return file.batch(columns, lines, [], mixed)
    keep = np.ones(len(lines), bool)
    keep[list(reasons)] = False
    malformed = [(first + i, reasons[i]) for i in sorted(reasons)]
    mixed = {name: flags[keep] for name, flags in mixed.items() if flags[keep].any()}
    kept = {name: column.filter(pa.array(keep)) for name, column in columns.items()}
    return file.batch(kept, lines[keep], malformed, mixed)


def _walk(records: pa.RecordBatch, path: tuple[str, ...]) -> pa.Array:
    array = records.column(path[0])
    for name in path[1:]:
        array = pc.struct_field(array, name)
    return array
