"""Runs of base64's characters in texts (RFC 4648, both alphabets), and which of them may decode to text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from custody.privacy.text.splice import Spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from custody.privacy.text.haystack import Haystack

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
SHORTEST = 6
"""Characters: a run of fewer, that is no end of a longer one, holds no name of four letters."""
JOINED = 60
"""Characters of a line, from which on the next one continues it."""
SURE = 8
"""Bytes: with 50,000 names, noise spells one of so many in a text of 80 characters with a chance of 10^-10."""

WINDOW, OVERLAP, BATCH = 2**16, 2**11, 2**19
"""Characters of a run that are decoded as one, that two neighbors share, and bytes that are looked at at once."""
_SHORT = 13
"""Characters: a longer run, from wherever it is read, is `SURE` bytes and more."""

SEXTET = np.full(256, 0xFF, dtype=np.uint8)
"""The value of each character; 0xFF for what is none."""
SEXTET[list(LETTERS)] = np.arange(64)
SEXTET[list(b"-_")] = [62, 63]
_IS_CHARACTER = len(LETTERS) > SEXTET
_IS_PLAIN = _IS_CHARACTER & (SEXTET[ord("+")] > SEXTET)
_ASCII_TEXT = np.zeros(256, dtype=bool)
_ASCII_TEXT[[*b"\0\t\r\n", *range(ord(" "), 0x7F)]] = True


def runs(raw: Haystack) -> Spans:
    """Return every run of `SHORTEST` characters and more, in one text each; lines of `JOINED` and the next are one."""
    start, end, row = stretches(raw, _IS_CHARACTER)
    if not len(row):
        return Spans(row, start, end)
    feed = raw.data.take(end, mode="clip") == ord("\n")
    crlf = (raw.data.take(end, mode="clip") == ord("\r")) & (raw.data.take(end + 1, mode="clip") == ord("\n"))
    goes_on = np.where(feed, 1, 2)[:-1] == start[1:] - end[:-1]
    goes_on &= (feed | crlf)[:-1] & (end - start >= JOINED)[:-1] & (row[1:] == row[:-1])
    return local(raw, start[np.append(True, ~goes_on)], end[np.append(~goes_on, True)])


def words(raw: Haystack, whole: Spans) -> Spans:
    """Return runs of letters and digits alone that begin inside of one of these runs, as in `user/YWxpY2U`."""
    start, end, _ = stretches(raw, _IS_PLAIN)
    first = raw.offsets[whole.row]
    begin = first + whole.start
    run = np.searchsorted(begin, start, side="left") - 1
    inside = run >= 0
    inside[inside] = start[inside] < (first + whole.end)[run[inside]]
    return local(raw, start[inside], end[inside])


def stretches(
    raw: Haystack, chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Start and end of each stretch of chosen bytes in one text, and which text."""
    at, to = int(raw.offsets[0]), int(raw.offsets[-1])
    inside = _each(chosen, raw.data[at:to])
    begins, ends = inside.copy(), inside.copy()
    begins[1:] &= ~inside[:-1]
    ends[:-1] &= ~inside[1:]
    cuts = raw.offsets[1:-1] - at
    cuts = cuts[(cuts > 0) & (cuts < len(inside))]
    begins[cuts], ends[cuts - 1] = inside[cuts], inside[cuts - 1]
    start = np.flatnonzero(begins) + at
    return start, np.flatnonzero(ends) + at + 1, raw.rows(start)


def local(raw: Haystack, start: NDArray[np.int64], end: NDArray[np.int64]) -> Spans:
    """Spans of at least `SHORTEST` bytes within their texts."""
    long = end - start >= SHORTEST
    row = raw.rows(start[long])
    first = raw.offsets[row]
    return Spans(row, start[long] - first, end[long] - first)


def windows(whole: Spans) -> Spans:
    """Cut long runs into windows that overlap, so that memory does not follow a text's length."""
    step = WINDOW - OVERLAP
    count = np.maximum(-(-(whole.end - whole.start - OVERLAP) // step), 1)
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    start = np.repeat(whole.start, count) + nth * step
    return Spans(np.repeat(whole.row, count), start, np.minimum(start + WINDOW, np.repeat(whole.end, count)))


def batches(start: NDArray[np.int64]) -> Iterator[NDArray[np.intp]]:
    """Yield the spans that begin within `BATCH` bytes of each other, so that many are not looked at at once."""
    number = start // BATCH
    for one in np.unique(number).tolist():
        yield np.flatnonzero(number == one)


def texts_of(others: Iterable[int] = ()) -> NDArray[np.bool_]:
    """Return a table of the bytes that text is made of, and `others`.

    It is ASCII that prints, tab, line breaks, and the NUL that stands beside a letter of ASCII in UTF-16.
    """
    table = _ASCII_TEXT.copy()
    table[list(others)] = True
    return table


class Readings(NamedTuple):
    """Bytes read as base64 in four ways: every fourth, from the first, second, … on, begins a byte."""

    good: NDArray[np.bool_]
    """Which characters spell bytes of text in each way; one that completes a byte is good. Shape: (4, bytes)."""
    long: list[NDArray[np.int64]]
    """Where, in each way, so many good characters follow that they may be `SURE` bytes of text."""
    breaks: NDArray[np.int64]
    """Where lines end."""


def readings(data: NDArray[np.uint8], text: NDArray[np.bool_]) -> Readings:
    """Read bytes; `text` is a table of `texts_of`."""
    codes = _each(SEXTET, data)
    after = np.append(codes[1:], np.uint8(0))
    read: list[NDArray[Any]] = [codes << 2 | after >> 4, codes << 4 | after >> 2, codes << 6 | after]
    fine = [_each(text, one) for one in read]
    good = np.repeat((codes < len(LETTERS))[None], 4, axis=0)
    for turn, values in enumerate(fine):
        for phase in range(4):
            own = slice((phase + turn) % 4, None, 4)
            good[phase, own] &= values[own]
    long = [np.flatnonzero(_in_a_row(one)) for one in good]
    return Readings(good, long, np.flatnonzero(data == ord("\n")))


def promising(read: Readings, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which runs, read from their first to fourth character on, may be `SURE` bytes of text, or nothing else.

    Run i goes from start[i] up to end[i] of the bytes that were read. Runs ascend and have nothing in common. None that
    is text is passed over; one that is not may be told. Shape: (4, runs).
    """
    told, good = np.zeros((4, len(start)), dtype=bool), read.good
    told[:, _within(read.breaks, start, end)] = True  # of several lines
    short = np.flatnonzero(end - start <= _SHORT)
    first = start[short]
    for begin in range(4):
        row, at = (first + begin) % 4, first + begin
        likely = np.flatnonzero(good[row, at] & good[row, at + 1])
        row, at, left = row[likely], at[likely], short[likely]
        places = at[:, None] + np.arange(_SHORT)
        out = places >= end[left, None] - 1  # no byte begins with the last character
        told[begin, left] |= (good[row[:, None], np.minimum(places, good.shape[1] - 1)] | out).all(axis=1)
    for phase in range(4):
        long = _within(read.long[phase], start, end)
        told[(phase - start[long]) % 4, long] = True
    return told


def _each(table: NDArray[Any], data: NDArray[np.uint8]) -> NDArray[Any]:
    """Return what a table of 256 bytes holds for each byte; several times as fast as `table[data]`."""
    return np.frombuffer(data.tobytes().translate(table.tobytes()), dtype=table.dtype)


def _within(places: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the runs in which these places are; runs ascend and have nothing in common."""
    run = np.searchsorted(start, places, side="right") - 1
    inside = run >= 0
    inside[inside] = places[inside] < end[run[inside]]
    return np.unique(run[inside])


def _in_a_row(good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """True where `SURE + 2` are good from here on: that many characters lie within any that spell `SURE` bytes."""
    result = np.zeros(len(good), dtype=bool)
    if len(good) >= SURE + 2:
        two = good[:-1] & good[1:]
        four = two[:-2] & two[2:]
        eight = four[:-4] & four[4:]
        result[: -SURE - 1] = eight[:-2] & two[SURE:]
    return result
