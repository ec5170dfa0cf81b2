"""A byte stream taken apart into runs of whole physical lines, in memory that a long line cannot exhaust.

The first line end decides for the file: after LF or CRLF, lines end at LF, and a lone CR is data, so that nobody forges
a record by writing one; after a bare CR, lines end at CR, CRLF or LF alike, and all become LF.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custody.sources.streams.sizes import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

LF, CR = 10, 13


@dataclass(frozen=True)
class Frame:
    """Consecutive physical lines."""

    data: bytes
    """Whole lines, each ended by LF or CRLF, the last of a file too."""

    first: int
    """Number of the first line, from 1."""

    count: int
    """How many lines `data` holds."""

    too_long: bool = False
    """A line longer than the limit follows; it was passed over, and the next frame starts after it."""


def frames(data: Iterator[bytes], limit: int) -> Iterator[Frame]:
    """Yield the lines of `data` in frames of at most 65,536 lines, none longer than `limit` bytes without its end.

    Holds no more than `limit` bytes, one chunk and what is made of them. A last line without an end is a line.
    """
    held = _Held(limit)
    for chunk in ends(data):
        yield from held.take(chunk)
    yield from held.rest()


@dataclass
class _Held:
    """What is known of the line that is not complete yet."""

    limit: int
    line: int = 1
    pieces: list[bytes] = field(default_factory=list)
    passing_over: bool = False

    def take(self, chunk: bytes) -> Iterator[Frame]:
        if self.passing_over:
            end = chunk.find(b"\n") + 1
            if not end:
                return
            self.passing_over, chunk = False, chunk[end:]
        end = chunk.rfind(b"\n") + 1
        if end:
            yield from self._cut(b"".join([*self.pieces, memoryview(chunk)[:end]]))
            self.pieces, chunk = [], chunk[end:]
        if chunk:
            self.pieces.append(chunk)
        if sum(map(len, self.pieces)) > self.limit + 1:  # + 1: a CR that the next LF makes part of the line's end
            self.pieces, self.passing_over = [], True
            yield Frame(b"", self.line, 0, too_long=True)
            self.line += 1

    def rest(self) -> Iterator[Frame]:
        if self.pieces:
            yield from self._cut(b"".join([*self.pieces, b"\n"]))

    def _cut(self, data: bytes) -> Iterator[Frame]:
        count = int(np.count_nonzero(np.frombuffer(data, np.uint8) == LF))  # four times as fast as bytes.count
        if count <= ROWS and len(data) <= self.limit:
            yield self._frame(data, count, too_long=False)
            return
        begin, stop = bounds(data)
        long = np.flatnonzero(stop - begin > self.limit)
        first = 0
        for last in np.append(long, count).tolist():
            for start in range(first, max(last, first + 1), ROWS):
                end = min(start + ROWS, last)
                text = data[begin[start] : begin[end] if end < count else len(data)] if start < end else b""
                yield self._frame(text, end - start, too_long=end == last < count)
            first = last + 1

    def _frame(self, data: bytes, count: int, *, too_long: bool) -> Frame:
        frame = Frame(data, self.line, count, too_long)
        self.line += count + too_long
        return frame


def bounds(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return where each line of `data` begins and where its text stops, without LF or CRLF (int64, one per line)."""
    buffer = np.frombuffer(data, np.uint8)
    return between(buffer, np.flatnonzero(buffer == LF), carriage=b"\r" in data)


def between(buffer: np.ndarray, end: np.ndarray, *, carriage: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the same for lines that end at the LFs at `end`; `carriage`: there are CRs in `buffer`."""
    begin = np.empty_like(end)
    begin[:1], begin[1:] = 0, end[:-1] + 1
    if not carriage:
        return begin, end
    return begin, end - ((end > begin) & (buffer[np.maximum(end - 1, 0)] == CR))


def ends(data: Iterator[bytes]) -> Iterator[bytes]:
    """Yield `data` with every line end as LF or CRLF, by the rule of this module."""
    bare: bool | None = None
    held = b""
    for piece in data:
        chunk = held + piece if held else piece
        held = b""
        if chunk.endswith(b"\r") and bare is not False:
            chunk, held = chunk[:-1], b"\r"
        if bare is None:
            bare = _bare(chunk)
        yield chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if bare else chunk
    if held:
        yield held if bare is False else b"\n"


def _bare(chunk: bytes) -> bool | None:
    """Say whether the first line end of `chunk` is a bare CR; None: it has no line end."""
    feed, carriage = chunk.find(b"\n"), chunk.find(b"\r")
    if carriage < 0 or 0 <= feed < carriage:
        return None if feed < 0 else False
    return feed != carriage + 1
