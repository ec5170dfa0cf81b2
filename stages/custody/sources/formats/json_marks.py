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

LARGEST = 2**31 - 1
"""Offsets into a frame are 32 bits."""
SPACE, QUOTE, BACKSLASH = b' "\\'


@dataclass(frozen=True)
class Marks:
    """Offsets (int64) into the bytes of a frame; one entry per line where nothing else is said."""

    data: bytes
    """The frame."""
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
        return cls(frame.data, begin, low[ends], stop, quotes, first, np.diff(first, append=len(quotes)), plain)

    def line(self, number: int) -> bytes:
        """Return the text of one line."""
        return self.data[self.begin[number] : self.stop[number]]

    def same(self, at: np.ndarray, text: bytes) -> np.ndarray:
        """Say at which of the offsets `at` stands `text`, which reaches nowhere beyond the frame."""
        if not text or not len(at):
            return np.ones(len(at), bool)
        pieces = np.ndarray(len(self.data) - len(text) + 1, f"V{len(text)}", self.data, strides=(1,))
        found: np.ndarray = pieces[at] == np.void(text)
        return found

    def texts(self, start: np.ndarray, end: np.ndarray) -> pa.Array:
        """Return what stands between ascending offsets, as strings."""
        edges = np.empty(2 * len(start), np.int32)
        edges[::2], edges[1::2] = start, end
        pieces = pa.StringArray.from_buffers(max(len(edges) - 1, 0), pa.py_buffer(edges), pa.py_buffer(self.data))
        return pieces.take(pa.array(np.arange(0, len(pieces), 2)))


def _all(buffer: np.ndarray, sign: int) -> np.ndarray:
    return np.flatnonzero(buffer == sign)
