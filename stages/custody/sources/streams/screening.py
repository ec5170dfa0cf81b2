"""What every line of text must pass before a format looks at it: valid UTF-8, no NUL byte, not blank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.sources.streams.encoding import flaws, valid
from custody.sources.streams.framing import bounds

if TYPE_CHECKING:
    from custody.sources.streams.framing import Frame

SPACE = np.frombuffer(b"\t\n\f\r ", np.uint8)
"""White space, as RE2 has it."""


@dataclass(frozen=True)
class Screened:
    """The lines of one frame that a format can read, and what became of the others."""

    texts: pa.Array
    """string, without line ends."""

    lines: np.ndarray
    """int64: the number of each line of `texts`."""

    malformed: list[tuple[int, str]]
    blank: int


def screen(frame: Frame) -> Screened:
    """Return the lines of `frame` that hold text; the line that is too long, if one follows, is malformed."""
    begin, stop = bounds(frame.data)
    wrong = np.unique(np.searchsorted(begin, flaws(frame.data), "right") - 1)
    malformed = [(frame.first + i, unreadable(frame.data[begin[i] : stop[i]]) or "") for i in wrong.tolist()]
    if frame.too_long:
        malformed.append((frame.first + frame.count, "too_long"))
    blank = np.setdiff1d(_blank(frame.data, begin, stop), wrong, assume_unique=True)
    keep = np.ones(frame.count, bool)
    keep[wrong] = keep[blank] = False
    lines = frame.first + np.flatnonzero(keep)
    return Screened(_texts(frame.data, begin, stop, keep), lines, malformed, len(blank))


def _blank(data: bytes, begin: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Return the lines (indices, ascending) in which nothing stands but white space."""
    start = np.frombuffer(data, np.uint8)[begin]
    maybe = np.flatnonzero((stop == begin) | np.isin(start, SPACE))
    return np.array([i for i in maybe.tolist() if not data[begin[i] : stop[i]].strip(SPACE.tobytes())], np.int64)


def _texts(data: bytes, begin: np.ndarray, stop: np.ndarray, keep: np.ndarray) -> pa.Array:
    """Return the lines to `keep`, without their ends."""
    sizes = (stop - begin)[keep]
    if not keep.all():
        gone = np.column_stack([begin[~keep], stop[~keep]])
        edges = [0, *gone.ravel().tolist(), len(data)]
        view = memoryview(data)
        data = b"".join([view[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)])
    offsets = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    body = data.replace(b"\r\n", b"\n") if b"\r" in data else data
    body = body.replace(b"\n", b"")
    return pa.StringArray.from_buffers(len(sizes), pa.py_buffer(offsets), pa.py_buffer(body))


def unreadable(raw: bytes) -> str | None:
    """Return why the bytes of a record are no text, or None where they are."""
    if b"\0" in raw:
        return "nul_byte"
    return None if valid(raw) else "bad_encoding"
