"""Every readable record of the named sources, in one schema and sealed, and a receipt that accounts for each read.

One task per file; a file is a stream, so that memory is set by the partition, not by the data.
"""

from __future__ import annotations

import hmac
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.records.masks import there
from custody.records.parquet import ROW_GROUP
from custody.sources.formats.readers import read
from custody.sources.gathering import gathered
from custody.sources.opening import opened
from custody.sources.standardize import Origin, standardize
from custody.sources.summary import EXAMPLES, NAMES, FileSummary, receipt
from custody.sources.values.text import edges
from custody.sources.values.times import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from custody.policy.schema import FieldType
    from custody.policy.sources import Source
    from custody.records.folder import Partition, Sink
    from custody.records.run import Run
    from custody.records.zone import Zone
    from custody.sources.formats.reading import Batch
    from custody.sources.opening import SourceFile

RECORDS = ROW_GROUP
"""Records of a partition; the last one of a file may hold fewer, and so may one of long records."""
TEXT = 2**30
"""Bytes of text of a partition, unless one record has more: Arrow holds no column of 2 GiB in one piece."""
TAG_BYTES = 8


@dataclass(frozen=True)
class Job:
    """What reading any file needs."""

    sources: Mapping[str, Source]
    fields: Mapping[str, FieldType]
    sink: Sink
    counted: Callable[[Iterable[Partition], str], Iterable[Partition]]
    """Passes on the partitions of the work that it is told the name of, and may show their number."""


def uncounted(partitions: Iterable[Partition], _: str) -> Iterable[Partition]:
    """Show nothing."""
    return partitions


def collect(  # noqa: PLR0913  # what is read, how, to where, by which engine; how it shows is a word of its own
    files: Sequence[SourceFile],
    sources: Mapping[str, Source],
    fields: Mapping[str, FieldType],
    sink: Sink,
    run: Run,
    *,
    counted: Callable[[Iterable[Partition], str], Iterable[Partition]] = uncounted,
) -> tuple[dict[str, Any], list[Partition]]:
    """Write the partitions of every file and return the receipt's body with them, in the order of files.

    `counted` is handed each file's partitions as they are written, with words that name the file by number.
    """
    for name in sorted(sources):
        _check_clock(name, sources[name], fields)
    summaries = list(run(read_file, Job(sources, fields, sink, counted), files, "collect"))
    body = {**receipt(summaries, sources, fields), "zone": sink.zone.check}
    return body, [partition for one in summaries for partition in one.partitions]


def read_file(job: Job, file: SourceFile) -> FileSummary:
    """Write the partitions of one file and return its counts."""
    summary = FileSummary(file)
    source, stem = file.found.source, partition_stem(file.found.source, file.id, job.sink.zone)
    tables = chunked(_standard(job, summary), RECORDS, TEXT)
    written = (job.sink.write(f"{stem}-{number:05d}", table) for number, table in enumerate(tables))
    summary.partitions += job.counted(written, f"sources.{source}, file {file.found.number}")
    summary.check()
    return summary


def partition_stem(source: str, file_id: str, zone: Zone) -> str:
    """Return what the names of a file's partitions begin with: the source and 16 hex digits that need the key.

    Released files keep these names: a digest of the raw file in them would join the two for whoever holds or guesses
    the raw file.
    """
    tag = hmac.digest(zone.derive("partition-name"), f"{source}\0{file_id}".encode(), "sha256")
    return f"{source}-{tag[:TAG_BYTES].hex()}"


def chunked(tables: Iterable[pa.Table], rows: int, text: int) -> Iterator[pa.Table]:
    """Yield the rows of `tables` in tables of `rows`, or of fewer where more would hold over `text` bytes of text.

    The last one may be shorter, too, and none is empty.
    """
    held: list[pa.Table] = []
    count = size = 0
    for table in tables:
        held.append(table)
        count, size = count + table.num_rows, size + _text(table)
        while count >= rows or size > text:
            whole = pa.concat_tables(held)
            first = rows if size <= text else min(rows, _fitting(whole, text))
            yield whole.slice(0, first).combine_chunks()
            held = [whole.slice(first)] if first < count else []
            count, size = count - first, sum(map(_text, held))
    if count:
        yield pa.concat_tables(held).combine_chunks()


def _text(table: pa.Table) -> int:
    return sum(_size(one) for column in table.columns if pa.types.is_string(column.type) for one in column.chunks)


def _size(texts: pa.Array) -> int:
    """Return the bytes of texts; what stands under nulls is none."""
    ends = edges(texts)
    size = int(ends[-1] - ends[0])
    return size - int(np.diff(ends)[~there(texts)].sum()) if size and texts.null_count else size


def _fitting(table: pa.Table, text: int) -> int:
    """Return how many rows hold no more than `text` bytes of text; the first always fits."""
    of_rows = sum(pc.fill_null(one, 0).to_numpy().astype(np.int64) for one in _lengths(table))
    return max(1, int(np.cumsum(of_rows).searchsorted(text, "right")))


def _lengths(table: pa.Table) -> Iterator[pa.ChunkedArray]:
    return (pc.binary_length(column) for column in table.columns if pa.types.is_string(column.type))


def _standard(job: Job, summary: FileSummary) -> Iterator[pa.Table]:
    found = summary.file.found
    source = job.sources[found.source]
    columns = {ours: theirs for ours, theirs in source.columns.items() if ours in job.fields}
    origin = Origin(found.source, summary.file.id, columns, clock(source.format, f"sources.{found.source}.format"))
    when = next((name for name in sorted(job.fields) if job.fields[name] == "timestamp"), None)
    wanted = list(dict.fromkeys(columns[ours] for ours in sorted(columns)))
    for batch in gathered(_counted(summary, _batches(job, summary.file, source, wanted))):
        standard = standardize(batch, origin, job.fields)
        for column, counts in standard.problems.items():
            summary.problems[column] = Counter(summary.problems.get(column, {})) + Counter(counts)
        if when is not None:
            _span(summary, standard.table.column(when))
        yield standard.table


def _batches(job: Job, file: SourceFile, source: Source, wanted: list[str]) -> Iterator[Batch]:
    """Errors of reading carry the file's name from here; errors of writing are not raised in here."""
    with opened(file, job.sink.zone) as stream:
        yield from read(stream, source.format, wanted)


def _counted(summary: FileSummary, batches: Iterable[Batch]) -> Iterator[Batch]:
    for batch in batches:
        summary.read += batch.read
        summary.malformed.update(reason for _, reason in batch.malformed)
        summary.skipped.update(batch.skipped)
        summary.examples += batch.malformed[: EXAMPLES - len(summary.examples)]
        if len(summary.dropped) < NAMES:
            summary.dropped |= batch.dropped
        summary.missing = batch.missing if summary.missing is None else summary.missing & batch.missing
        yield batch


def _span(summary: FileSummary, times: pa.ChunkedArray) -> None:
    ends = pc.min_max(times.cast(pa.int64())).as_py()
    if ends["min"] is not None:
        summary.first = ends["min"] if summary.first is None else min(summary.first, ends["min"])
        summary.last = ends["max"] if summary.last is None else max(summary.last, ends["max"])


def _check_clock(name: str, source: Source, fields: Mapping[str, FieldType]) -> None:
    if any(fields.get(column) == "timestamp" for column in source.columns):
        clock(source.format, f"sources.{name}.format").check()
