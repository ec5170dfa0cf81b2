"""Which lines of a CSV block are plain RFC 4180, proved over the whole block at once.

The proof, over all quotes in order from the start of a record: every quote with an even index opens a field (after a
delimiter or a line end) or is the second of a doubled pair; every quote with an odd index closes one (before a
delimiter or a line end) or is the first of a pair. Then a line with an even number of quotes before it starts a record,
and no quote is stray. What breaks it (so do a NUL, bytes that are not UTF-8, and a lone CR) costs the proof of the
record around it alone: that one is read exactly, and the proof starts again behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custody.sources.formats.csv_records import records
from custody.sources.streams.encoding import flaws
from custody.sources.streams.framing import CR, LF, between

if TYPE_CHECKING:
    from custody.sources.formats.csv_dialect import Dialect
    from custody.sources.formats.csv_records import Record


@dataclass(frozen=True)
class Marks:
    """Where things stand in a block of whole lines."""

    begin: np.ndarray
    stop: np.ndarray
    """Where each physical line begins and its text stops."""
    quotes: np.ndarray
    before: np.ndarray
    """How many quotes stand before each line."""
    flaws: np.ndarray
    """Offsets of what no plain line holds."""
    breaks: tuple[np.ndarray, np.ndarray]
    """Indices of the quotes that break the proof where it starts at a quote of an even, and of an odd, index."""

    def starts(self, parity: int) -> np.ndarray:
        """Return, for each line, the last one up to it before which the number of quotes has this `parity`."""
        return np.maximum.accumulate(np.where(self.before & 1 == parity, np.arange(len(self.begin)), -1))


@dataclass(frozen=True)
class Proved:
    """A block taken apart."""

    plain: list[tuple[int, int]]
    """Runs of lines, first and after the last, in which every record is plain and whole."""
    exact: list[Record]
    """The other records, in order; their `line` is the index of a line of the block."""
    count: int
    """Lines that are taken; what a later line may end is not."""


def marks(data: bytes, how: Dialect) -> Marks:
    """Return the marks of `data`, whole lines."""
    buffer = np.frombuffer(data, np.uint8)
    end, quotes = _ends(buffer, how, quoted=bool(how.quote) and how.quote in data)
    carriage = b"\r" in data
    begin, stop = between(buffer, end, carriage=carriage)
    wrong = flaws(data)
    if carriage and data.count(b"\r") != data.count(b"\r\n"):
        returns = np.flatnonzero(buffer == CR)
        wrong = np.sort(np.append(wrong, returns[buffer[returns + 1] != LF]))
    return Marks(begin, stop, quotes, np.searchsorted(quotes, begin), wrong, _breaks(buffer, quotes, how))


def prove(data: bytes, found: Marks, how: Dialect, width: int, *, final: bool) -> Proved:
    """Take `data` apart; unless `final`, a record at its end that a later line may close is left out."""
    plain: list[tuple[int, int]] = []
    exact: list[Record] = []
    starts = (found.starts(0), found.starts(1))
    at, lines = 0, len(found.begin)
    while at < lines:
        first = int(found.before[at])
        place = _next_break(found, int(found.begin[at]), first)
        if place is None and (len(found.quotes) - first) % 2 == 0:
            plain.append((at, lines))
            return Proved(plain, exact, lines)
        last = lines - 1 if place is None else int(found.begin.searchsorted(place, "right")) - 1
        line = int(starts[first & 1][last])
        if line > at:
            plain.append((at, line))
        record = next(records(data, line, how, width, final=final, at=int(found.begin[line])), None)
        if record is None:
            return Proved(plain, exact, line)
        exact.append(record)
        at = int(found.begin.searchsorted(record.stop))
    return Proved(plain, exact, lines)


def _ends(buffer: np.ndarray, how: Dialect, *, quoted: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return where line feeds and quotes stand; one pass finds both."""
    if not quoted:
        return np.flatnonzero(buffer == LF), np.empty(0, np.int64)
    quote = how.quote[0]
    both = np.flatnonzero((buffer == LF) | (buffer == quote))
    which = buffer[both] == quote
    return both[~which], both[which]


def _breaks(buffer: np.ndarray, quotes: np.ndarray, how: Dialect) -> tuple[np.ndarray, np.ndarray]:
    """Return the quotes that do not open where they should and those that do not close, by where counting starts."""
    before, after = buffer[quotes - (quotes > 0)], buffer[quotes + 1]
    opens = (before == how.delimiter[0]) | (before == LF) | (quotes == 0)
    closes = (after == how.delimiter[0]) | (after == LF)
    closes |= (after == CR) & (buffer[np.minimum(quotes + 2, len(buffer) - 1)] == LF)
    if not how.escape:
        pairs = np.diff(quotes) == 1
        opens[1:] |= pairs
        closes[:-1] |= pairs
    odd = (np.arange(len(quotes)) & 1).astype(bool)
    return np.flatnonzero(np.where(odd, ~closes, ~opens)), np.flatnonzero(np.where(odd, ~opens, ~closes))


def _next_break(found: Marks, at: int, first: int) -> int | None:
    """Return the first place from `at` on that no plain record covers; `first` quotes stand before `at`."""
    broken = found.breaks[first & 1]
    number, flaw = int(broken.searchsorted(first)), int(found.flaws.searchsorted(at))
    places = [int(found.quotes[broken[number]])] if number < len(broken) else []
    places += [int(found.flaws[flaw])] if flaw < len(found.flaws) else []
    return min(places, default=None)
