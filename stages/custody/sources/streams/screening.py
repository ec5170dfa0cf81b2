"""What every line of text must pass before a format looks at it: valid UTF-8, no NUL byte, not blank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.streams.encoding import valid
from custody.sources.streams.framing import bounds

if TYPE_CHECKING:
    from custody.sources.streams.framing import Frame


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
    texts, malformed = _texts(frame)
    keep = np.ones(frame.count, bool)
    keep[[line - frame.first for line, _ in malformed]] = False
    lines = np.arange(frame.first, frame.first + frame.count, dtype=np.int64)
    empty = pc.match_substring_regex(texts, r"^\s*$").to_numpy(zero_copy_only=False) & keep
    keep &= ~empty
    if frame.too_long:
        malformed.append((frame.first + frame.count, "too_long"))
    if not keep.all():
        texts, lines = texts.filter(pa.array(keep)), lines[keep]
    return Screened(texts, lines, malformed, int(empty.sum()))


def _texts(frame: Frame) -> tuple[pa.Array, list[tuple[int, str]]]:
    """Return every line as text, a malformed one as an empty text, and the malformed ones."""
    if valid(frame.data) and b"\0" not in frame.data:
        begin, stop = bounds(frame.data)
        body = frame.data.replace(b"\r\n", b"\n") if b"\r" in frame.data else frame.data
        offsets = np.zeros(frame.count + 1, np.int32)
        np.cumsum(stop - begin, out=offsets[1:])
        body = body.replace(b"\n", b"")
        return pa.StringArray.from_buffers(frame.count, pa.py_buffer(offsets), pa.py_buffer(body)), []
    malformed, texts = [], []
    for number, raw in enumerate(frame.data.split(b"\n")[:-1], frame.first):
        reason = unreadable(raw)
        if reason:
            malformed.append((number, reason))
        texts.append(b"" if reason else raw.removesuffix(b"\r"))
    return pa.array(texts, pa.string()), malformed


def unreadable(raw: bytes) -> str | None:
    """Return why the bytes of a record are no text, or None where they are."""
    if b"\0" in raw:
        return "nul_byte"
    return None if valid(raw) else "bad_encoding"
