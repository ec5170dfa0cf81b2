"""CSV record by record, exactly: what is wrong with one record costs that record.

- A quoted field must end with a quote before a delimiter or a line end; text after it is `stray_quote`. A quote that
  nothing closes, to the end of the file or within the limit of a record, is `unclosed_quote`. Either costs the line
  where the record starts; reading goes on with the next line.
- A record that is whole but wrong (its fields, its bytes) costs all its lines, so that text inside a quoted field
  never becomes a record of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.sources.streams.screening import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.sources.formats.csv_dialect import Dialect


@dataclass(frozen=True)
class Record:
    """One record, where it starts, and either its fields or why it has none."""

    line: int
    stop: int
    """Offset after the record."""

    fields: list[bytes]
    reason: str | None = None
    """Reason code of `MALFORMED`; `blank` for a blank line."""


def records(  # noqa: PLR0913  # what to read, and from where
    data: bytes, first: int, how: Dialect, width: int | None, *, final: bool, at: int = 0
) -> Iterator[Record]:
    """Yield the records of `data` from `at` on, whole lines that start with line `first` at the start of a record.

    `width` is how many fields a record has (None: any number). Unless `final`, a record that `data` does not end is not
    yielded: the last `stop` tells where it starts.
    """
    line = first
    while at < len(data):
        end = data.index(b"\n", at)
        raw = data[at:end].removesuffix(b"\r")
        if how.quote and how.quote in raw:
            stop, fields, reason = _quoted(data, at, how)
        else:
            stop, fields, reason = end + 1, raw.split(how.delimiter), None
        if reason == "unclosed_quote" and not final and len(data) - at <= how.limit:
            return
        if reason or stop - at > how.limit + 2:
            stop, fields, reason = end + 1, [], unreadable(raw) or reason or "unclosed_quote"
        else:
            reason = _judge(data[at:stop], raw, fields, how, width)
        yield Record(line, stop, fields, reason)
        line += data.count(b"\n", at, stop)
        at = stop


def _judge(whole: bytes, raw: bytes, fields: list[bytes], how: Dialect, width: int | None) -> str | None:
    if not raw.strip(how.blank):
        return "blank"
    reason = unreadable(whole)
    if reason or width is None or len(fields) == width:
        return reason
    return "too_few_fields" if len(fields) < width else "too_many_fields"


def _quoted(data: bytes, at: int, how: Dialect) -> tuple[int, list[bytes], str | None]:
    """Return the offset after the record at `at`, its fields, and a reason where its quotes do not hold."""
    fields: list[bytes] = []
    while True:
        if data.startswith(how.quote, at):
            match = how.quoted.match(data, at + 1)
            if not match:
                return at, [], "unclosed_quote"
            fields.append(_plain(data[at + 1 : match.end() - 1], how))
            at = match.end()
        else:
            end = data.index(b"\n", at)
            stop = data.find(how.delimiter, at, end)
            field = data[at : end if stop < 0 else stop]
            fields.append(field.removesuffix(b"\r") if stop < 0 else field)
            at += len(fields[-1])
        if data.startswith(how.delimiter, at):
            at += len(how.delimiter)
        elif data.startswith((b"\n", b"\r\n"), at):
            return at + (2 if data.startswith(b"\r", at) else 1), fields, None
        else:
            return at, [], "stray_quote"


def _plain(field: bytes, how: Dialect) -> bytes:
    if how.escape:
        return re.sub(re.escape(how.escape) + rb"(.)", rb"\1", field, flags=re.DOTALL) if how.escape in field else field
    return field.replace(how.quote * 2, how.quote)
