"""Where things stand in a frame of JSON Lines, found over all its lines at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.sources.streams.encoding import flaws
from custody.sources.streams.framing import LF, between

if TYPE_CHECKING:
    from custody.sources.streams.framing import Frame

WORD = 8
LARGEST = 2**31 - 2 * WORD
"""Offsets into a frame are 32 bits."""
SPACE, QUOTE, BACKSLASH = b' "\\'


@dataclass(frozen=True)
class Marks:
    """Offsets (int64) into the bytes of a frame; one entry per line where nothing else is said."""

    data: bytes
    """The frame, and a word of zeros."""
    words: np.ndarray
    """The eight bytes from each offset on, as one number."""
    begin: np.ndarray
    end: np.ndarray
    """Where the LF of a line stands."""
    stop: np.ndarray
    """Where the text of a line stops, without LF or CRLF."""
    quotes: np.ndarray
    """One entry per quotation mark."""
    first: np.ndarray
    """Which of the quotation marks is the first of the line."""
    count: np.ndarray
    """How many the line has."""
    plain: np.ndarray
    """bool: the line is UTF-8 and holds neither a backslash nor a control character, so that every quotation mark opens
    or closes a string, and every string is what stands between two of them."""

    @classmethod
    def of(cls, frame: Frame) -> Marks:
        """Look through the lines of `frame`, which is no longer than `LARGEST`."""
        data = frame.data + bytes(WORD)
        buffer = np.frombuffer(frame.data, np.uint8)
        low = np.flatnonzero(buffer < SPACE)
        ends = buffer[low] == LF
        begin, stop = between(buffer, low[ends], carriage=b"\r" in frame.data)
        quotes = np.flatnonzero(buffer == QUOTE)
        first = np.searchsorted(quotes, begin)
        plain = np.ones(len(begin), bool)
        for wrong in (low[~ends], flaws(frame.data), _all(buffer, BACKSLASH)):
            line = np.searchsorted(begin, wrong, "right") - 1
            plain[line[wrong < stop[line]]] = False
        words = np.ndarray(len(frame.data) + 1, "<u8", data, strides=(1,))
        return cls(data, words, begin, low[ends], stop, quotes, first, np.diff(first, append=len(quotes)), plain)

    def line(self, number: int) -> bytes:
        """Return the text of one line."""
        return self.data[self.begin[number] : self.stop[number]]

    def same(self, at: np.ndarray, text: bytes) -> np.ndarray:
        """Say at which of the offsets `at` stands `text`, which reaches nowhere beyond the frame."""
        found = np.ones(len(at), bool)
        if len(text) >= len(self.words):
            return ~found
        for start in range(0, len(text), WORD):
            place = min(start, max(len(text) - WORD, 0))
            part = text[place : place + WORD]
            word = self.words[at + place]
            if len(part) < WORD:
                word &= np.uint64((1 << 8 * len(part)) - 1)
            found &= word == np.uint64(int.from_bytes(part, "little"))
        return found

    def texts(self, start: np.ndarray, end: np.ndarray) -> pa.Array:
        """Return what stands between ascending offsets, as strings."""
        edges = np.column_stack([start, end]).astype(np.int32).ravel()
        pieces = pa.StringArray.from_buffers(max(len(edges) - 1, 0), pa.py_buffer(edges), pa.py_buffer(self.data))
        return pieces.take(pa.array(np.arange(0, len(pieces), 2)))


def _all(buffer: np.ndarray, sign: int) -> np.ndarray:
    return np.flatnonzero(buffer == sign)
