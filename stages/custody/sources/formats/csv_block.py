"""CSV by the block: Arrow parses what is proved to be plain RFC 4180, and nothing else.

The proof, over all quotes of a block in order: every quote with an even index opens a field (after a delimiter or a
line end) or is the second of a doubled pair; every quote with an odd index closes one (before a delimiter or a line
end) or is the first of a pair. Then a line with an even number of quotes before it starts a record, and no quote is
stray. Arrow must give exactly that many rows, and one more for a row of empty fields put behind, which an open quote
would swallow. Whatever fails is left to `csv_records`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from custody.sources.streams.encoding import valid
from custody.sources.streams.framing import CR, LF, between

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
class _Lines:
    """Where each physical line begins and its text stops, and whether it starts a record."""

    begin: np.ndarray
    stop: np.ndarray
    first: np.ndarray

    def head(self, count: int) -> _Lines:
        return _Lines(self.begin[:count], self.stop[:count], self.first[:count])


def block(data: bytes, shape: Shape, *, final: bool) -> Block | None:
    """Return the whole records at the start of `data`, or None where not all of it is proved to be plain.

    `data` is whole lines; an escape sign in it is left to the other way. A record at its end that a later line may
    close is left out unless `final`.
    """
    how = shape.how
    if not _arrow_can(how) or b"\0" in data or not valid(data) or (how.escape and how.escape in data):
        return None
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    if shape.width == 1 and BLANK.search(data):
        return None
    buffer = np.frombuffer(data, np.uint8)
    end, quotes = _marks(buffer, how, quoted=bool(how.quote) and how.quote in data)
    begin, stop = between(buffer, end, carriage=b"\r" in data)
    if len(quotes) and not _plain(buffer, quotes, how):
        return None
    first = (np.searchsorted(quotes, begin) & 1) == 0
    lines, size = _Lines(begin, stop, first), len(data)
    if len(quotes) & 1:
        count = int(np.flatnonzero(first)[-1])
        size = int(begin[count])
        if final or len(data) - size > how.limit:
            return None
        lines = lines.head(count)
    return _parsed(data[:size], lines, shape)


def _arrow_can(how: Dialect) -> bool:
    return len(how.delimiter) == 1 and (how.delimiter + how.quote + how.escape).isascii()


def _marks(buffer: np.ndarray, how: Dialect, *, quoted: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return where line feeds and quotes stand; one pass finds both."""
    if not quoted:
        return np.flatnonzero(buffer == LF), np.empty(0, np.int64)
    quote = how.quote[0]
    marks = np.flatnonzero((buffer == LF) | (buffer == quote))
    which = buffer[marks] == quote
    return marks[~which], marks[which]


def _plain(buffer: np.ndarray, quotes: np.ndarray, how: Dialect) -> bool:
    """Say whether every quote opens, closes or doubles, as the module describes."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = buffer[opening - (opening > 0)]
    opens = (before == how.delimiter[0]) | (before == LF)
    opens[:1] |= opening[:1] == 0
    after = buffer[closing + 1]
    closes = (after == how.delimiter[0]) | (after == LF)
    if not closes.all():
        closes |= (after == CR) & (buffer[np.minimum(closing + 2, len(buffer) - 1)] == LF)
    if not how.escape and not (opens.all() and closes.all()):
        pairs = opening[1:] == closing[: len(opening) - 1] + 1
        opens[1:] |= pairs
        closes[: len(pairs)] |= pairs
    return bool(opens.all() and closes.all())


def _parsed(data: bytes, lines: _Lines, shape: Shape) -> Block | None:
    empty = lines.first & (lines.stop == lines.begin)
    rows = np.flatnonzero(lines.first & ~empty)
    limit = shape.how.limit
    if len(data) > limit and (np.diff(lines.begin[lines.first], append=len(data)) > limit).any():
        return None
    columns = parse(data, shape, len(rows))
    return None if columns is None else Block(columns, rows, int(empty.sum()), len(data), len(lines.begin))


def parse(data: bytes, shape: Shape, rows: int) -> list[pa.Array] | None:
    """Return the columns at the positions of `shape` as strings, or None unless there are exactly `rows` rows."""
    how, width = shape.how, shape.width
    sentinel = how.delimiter * (width - 1) + b"\n" if width > 1 else b"x\n"
    names = [str(i) for i in range(width)]
    include = [names[i] for i in shape.positions]
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
            ),
            arrow_csv.ConvertOptions(
                check_utf8=False, include_columns=include, column_types=dict.fromkeys(include, pa.string())
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    if table.num_rows != rows + 1:
        return None
    return [table.column(i).slice(0, rows).combine_chunks() for i in range(len(include))]
