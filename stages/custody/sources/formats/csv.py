"""CSV and its dialects: any delimiter, quote and escape, line breaks in quoted fields, with a header or without.

The header is the first line that is not blank. Names count without white space around them; a column without a name is
never wanted. The block-wise way and the record-wise way give the same rows; the second is for blocks with something
wrong in them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.errors import CustodyError
from custody.sources.formats.csv_block import Shape, block
from custody.sources.formats.csv_dialect import Dialect, dialect
from custody.sources.formats.csv_records import records
from custody.sources.formats.reading import MALFORMED, Batch, table_of
from custody.sources.streams.framing import frames
from custody.sources.streams.sizes import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.policy.sources import Csv


@dataclass(frozen=True)
class Layout:
    """Which fields stand where, and how to read them."""

    how: Dialect
    wanted: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def positions(self) -> list[int]:
        """Where the wanted fields that the file has stand; the first field, to count rows by, if it has none."""
        return [self.names.index(name) for name in self.present] or [0]

    @property
    def present(self) -> list[str]:
        """Wanted fields that the file has."""
        return [name for name in self.wanted if name in self.names]

    def batch(self, columns: Sequence[pa.Array], lines: np.ndarray, account: Account) -> Batch:
        """Return a batch whose columns stand at `positions`."""
        named = dict(zip(self.present, columns, strict=False))
        dropped = frozenset(name or f"#{i}" for i, name in enumerate(self.names) if name not in self.wanted)
        missing = frozenset(self.wanted) - set(self.present)
        table = table_of(named, self.wanted, len(lines))
        return Batch(table, lines, account.malformed, dict(account.skipped), dropped, missing)


@dataclass
class Account:
    """Records that became no row, since the last batch."""

    malformed: list[tuple[int, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def read(data: Iterator[bytes], format: Csv, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # the policy's word
    """Yield the records of UTF-8 `data`.

    An empty file, or one that is only a header, has no rows; the wanted fields of an empty file are all missing.
    `CustodyError`: two columns have one name, or the header cannot be read.
    """
    if format.header == bool(format.names):
        raise CustodyError("format.names: give names for a file without a header (header: false), and only for one")
    reader = _Reader(dialect(format), tuple(dict.fromkeys(wanted)))
    if not format.header:
        reader.layout = _layout(reader.how, reader.wanted, list(format.names))
    for frame in frames(data, format.max_record_bytes):
        yield from reader.take(frame.data, final=frame.too_long)
        if frame.too_long:
            reader.too_long()
    yield from reader.take(b"", final=True)
    yield reader.account_only()


def _layout(how: Dialect, wanted: tuple[str, ...], names: Sequence[str]) -> Layout:
    seen: dict[str, int] = {}
    for position, name in enumerate(names, 1):
        if name and name in seen:
            raise CustodyError(f"columns {seen[name]} and {position} have the same name; each needs its own")
        seen[name] = position
    return Layout(how, wanted, tuple(names))


@dataclass
class _Reader:
    """One file on its way through: what is left of the last lines, and the account since the last batch."""

    how: Dialect
    wanted: tuple[str, ...]
    layout: Layout | None = None
    rest: bytes = b""
    line: int = 1
    """Number of the first line of `rest`."""
    account: Account = field(default_factory=Account)

    def take(self, data: bytes, *, final: bool) -> Iterator[Batch]:
        """Read what is left and `data`; unless `final`, a record that they do not end is left for the next call."""
        data, self.rest = self.rest + data if self.rest else data, b""
        if self.layout is None:
            data = self._header(data, final=final)
        if not data or self.layout is None:
            self.rest = data
            return
        shape = Shape(self.how, len(self.layout.names), self.layout.positions)
        found = block(data, shape, final=final)
        if found is None:
            yield from self._one_by_one(data, self.layout, final=final)
            return
        self.account.skipped.update({"blank": found.blank} if found.blank else {})
        self.account.malformed += [(line + self.line, reason) for line, reason in found.malformed]
        yield from self._batches(self.layout, found.columns, found.begins + self.line)
        self.line += found.count
        self.rest = data[found.size :]

    def too_long(self) -> None:
        """Take note of a line beyond the limit, which stands after all that was taken."""
        if self.layout is None:
            raise _no_header(self.line, "too_long")
        self.account.malformed.append((self.line, "too_long"))
        self.line += 1

    def account_only(self) -> Batch:
        """Return a batch without rows, which closes the account of the file."""
        layout = self.layout or Layout(self.how, self.wanted, ())
        return layout.batch([], np.empty(0, np.int64), self._closed())

    def _header(self, data: bytes, *, final: bool) -> bytes:
        """Find the header in `data` and return what follows it; where it is not whole yet, return `data`."""
        at = 0
        for record in records(data, self.line, self.how, None, final=final):
            self.line += data.count(b"\n", at, record.stop)
            at = record.stop
            if record.reason == "blank":
                self.account.skipped["blank"] += 1
                continue
            if record.reason:
                raise _no_header(record.line, record.reason)
            self.account.skipped["header"] += 1
            self.layout = _layout(self.how, self.wanted, [name.decode().strip() for name in record.fields])
            break
        return data[at:]

    def _one_by_one(self, data: bytes, layout: Layout, *, final: bool) -> Iterator[Batch]:
        rows: list[list[bytes]] = []
        lines: list[int] = []
        at = 0
        for record in records(data, self.line, self.how, len(layout.names), final=final):
            at = record.stop
            if record.reason == "blank":
                self.account.skipped["blank"] += 1
            elif record.reason:
                self.account.malformed.append((record.line, record.reason))
            else:
                rows.append(record.fields)
                lines.append(record.line)
            if len(rows) == ROWS:
                yield from self._batches(layout, _columns(rows, layout), np.array(lines, np.int64))
                rows, lines = [], []
        yield from self._batches(layout, _columns(rows, layout), np.array(lines, np.int64))
        self.line += data.count(b"\n", 0, at)
        self.rest = data[at:]

    def _batches(self, layout: Layout, columns: Sequence[pa.Array], lines: np.ndarray) -> Iterator[Batch]:
        for start in range(0, len(lines), ROWS):
            part = [column.slice(start, ROWS) for column in columns]
            yield layout.batch(part, lines[start : start + ROWS], self._closed())

    def _closed(self) -> Account:
        account, self.account = self.account, Account()
        return account


def _columns(rows: list[list[bytes]], layout: Layout) -> list[pa.Array]:
    return [pa.array([row[i] for row in rows], pa.string()) for i in layout.positions]


def _no_header(line: int, reason: str) -> CustodyError:
    return CustodyError(f"line {line}: the header cannot be read ({MALFORMED[reason]}); is the format right?")
