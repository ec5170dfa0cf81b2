"""CSV by the block: Arrow parses what is proved to be plain RFC 4180, and nothing else.

The records around which the proof fails are read exactly, one by one. Arrow must give a row for every plain record,
but for those that it reports to have another number of fields, and one more for a row of empty fields put behind,
which an open quote would swallow. Where it does not, all of the block is left to `csv_records`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from custody.sources.formats.csv_proof import Marks, Proved, marks, prove
from custody.sources.formats.csv_records import Record, records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.sources.formats.csv_dialect import Dialect

BLANK = re.compile(rb"(?m)^[ \t\f\v\r]+$")


@dataclass(frozen=True)
class Block:
    """The records of the first `size` bytes of a block."""

    columns: list[pa.Array]
    """One string array for each position asked for."""

    begins: np.ndarray
    """int64: index of the line, from 0, where each record starts."""

    malformed: list[tuple[int, str]]
    """Index of the line where a record that cannot be read starts, and why; ascending."""

    blank: int
    size: int
    count: int
    """Physical lines in those bytes."""


@dataclass(frozen=True)
class Shape:
    """What a record looks like."""

    how: Dialect
    width: int
    """Fields in a record."""
    positions: Sequence[int]
    """Which of them are read, at least one."""


@dataclass(frozen=True)
class _Parsed:
    columns: list[pa.Array]
    other: list[int]
    """Which rows of the data, from 0, are left out, since they have another number of fields."""


def block(data: bytes, shape: Shape, *, final: bool) -> Block | None:
    """Return the whole records at the start of `data`, or None where Arrow cannot read the plain ones among them.

    `data` is whole lines; an escape sign in it is left to the other way. A record at its end that a later line may
    close is left out unless `final`.
    """
    how, width = shape.how, shape.width
    if not _arrow_can(how) or (how.escape and how.escape in data) or (width == 1 and BLANK.search(data)):
        return None
    found = marks(data, how)
    proved = prove(data, found, how, width, final=final)
    begins, blank = _begins(found, proved)
    size = int(found.begin[proved.count]) if proved.count < len(found.begin) else len(data)
    if _too_long(found, proved, begins, how.limit):
        return None
    parsed = _parse(_plain(data, found, proved), shape, len(begins))
    if parsed is None:
        return None
    again = [_exactly(data, int(begins[row]), found, shape) for row in parsed.other]
    if not all(record.reason for record in again):
        return None
    begins = np.delete(begins, parsed.other)
    columns, begins = _with(parsed.columns, begins, proved.exact, shape.positions)
    told = sorted((one.line, one.reason) for one in (*proved.exact, *again) if one.reason)
    malformed = [(line, reason) for line, reason in told if reason != "blank"]
    return Block(columns, begins, malformed, blank + len(told) - len(malformed), size, proved.count)


def _arrow_can(how: Dialect) -> bool:
    return len(how.delimiter) == 1 and (how.delimiter + how.quote + how.escape).isascii()


def _begins(found: Marks, proved: Proved) -> tuple[np.ndarray, int]:
    """Return the lines where plain records start, and how many of those are empty lines, which hold no record."""
    first = np.zeros(len(found.begin), bool)
    for start, end in proved.plain:
        first[start:end] = (found.before[start:end] - found.before[start]) & 1 == 0
    empty = first & (found.stop == found.begin)
    return np.flatnonzero(first & ~empty), int(empty.sum())


def _too_long(found: Marks, proved: Proved, begins: np.ndarray, limit: int) -> bool:
    """Say whether a plain record, with what stands up to the next one, is longer than `limit` bytes."""
    ends = [int(found.stop[end - 1]) for _, end in proved.plain]
    if not ends or ends[-1] <= limit:
        return False
    borders = np.sort(np.append(found.begin[begins], ends))
    return bool((np.diff(borders) > limit).any())


def _plain(data: bytes, found: Marks, proved: Proved) -> bytes:
    edges = np.append(found.begin, len(data))
    view = memoryview(data)
    return b"".join([view[edges[start] : edges[end]] for start, end in proved.plain])


def _exactly(data: bytes, line: int, found: Marks, shape: Shape) -> Record:
    return next(records(data, line, shape.how, shape.width, final=True, at=int(found.begin[line])))


def _with(
    columns: list[pa.Array], begins: np.ndarray, exact: Sequence[Record], positions: Sequence[int]
) -> tuple[list[pa.Array], np.ndarray]:
    """Return columns and lines with the rows among the records that were read exactly put in their places."""
    rows = [record for record in exact if not record.reason]
    if not rows:
        return columns, begins
    begins = np.append(begins, [record.line for record in rows])
    order = np.argsort(begins)
    more = [pa.array([record.fields[i] for record in rows], pa.string()) for i in positions]
    return [pa.concat_arrays(pair).take(order) for pair in zip(columns, more, strict=True)], begins[order]


def parse(data: bytes, shape: Shape, rows: int) -> list[pa.Array] | None:
    """Return the columns at the positions of `shape` as strings, or None unless there are exactly `rows` rows."""
    parsed = _parse(data, shape, rows)
    return parsed.columns if parsed and not parsed.other else None


def _parse(data: bytes, shape: Shape, rows: int) -> _Parsed | None:
    """Return the columns of plain `data`, or None unless it has exactly `rows` rows with those left out."""
    how, width = shape.how, shape.width
    sentinel = how.delimiter * (width - 1) + b"\n" if width > 1 else b"x\n"
    names = [str(i) for i in range(width)]
    include = [names[i] for i in shape.positions]
    other: list[int] = []

    def leave_out(row: arrow_csv.InvalidRow) -> str:
        other.append(row.number - 1)
        return "skip"

    source = pa.BufferReader(data + sentinel)
    try:
        table = arrow_csv.read_csv(
            source,
            arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + len(sentinel) + 1, column_names=names),
            arrow_csv.ParseOptions(
                delimiter=how.delimiter.decode(),
                quote_char=how.quote.decode() or False,
                double_quote=not how.escape,
                newlines_in_values=True,
                invalid_row_handler=leave_out,
            ),
            arrow_csv.ConvertOptions(
                check_utf8=False, include_columns=include, column_types=dict.fromkeys(include, pa.string())
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    if table.num_rows + len(other) != rows + 1 or rows in other:
        return None
    rows -= len(other)
    return _Parsed([table.column(i).slice(0, rows).combine_chunks() for i in range(len(include))], other)
