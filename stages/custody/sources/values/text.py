"""Text as every column gets it: one Unicode form, no blanks around it, nothing where nothing stands."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

SPACE, DELETE, ASCII = 0x20, 0x7F, 0x80
_SPACES = " \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
"""Unicode's White_Space but for the controls among it."""
_INVISIBLE = (
    (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x2064), (0x2066, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0001, 0xE0001), (0xE0020, 0xE007F),
)  # fmt: skip
"""Unicode's controls (Cc) and format characters (Cf) but for the signs among Cf that are written before a number; as a
list of our own, so that every Python trims the same."""
BLANKS = _SPACES + "".join(chr(code) for first, last in _INVISIBLE for code in range(first, last + 1))
"""What shows nothing at the end of a text: spaces, control and format characters; with one, a name would be another."""
_ASCII_BLANKS = "".join(filter(str.isascii, BLANKS))


def clean(text: pa.Array) -> pa.Array:
    """Return NFC text (UAX #15) without `BLANKS` at its ends, whatever it holds inside; null where nothing is left."""
    least, most = _extremes(text)
    if most >= ASCII:
        whole = pc.utf8_trim(pc.utf8_normalize(text, form="NFC"), characters=BLANKS)
    else:
        settled = (least > SPACE and most < DELETE) or not _blank_at_an_end(text)
        whole = text if settled else pc.ascii_trim(text, characters=_ASCII_BLANKS)
    if not (np.diff(edges(whole)) == 0).any():
        return whole
    empty = pc.equal(pc.binary_length(whole), 0)
    return pc.if_else(empty, pa.scalar(None, whole.type), whole) if pc.any(empty).as_py() else whole


def lower(text: pa.Array) -> pa.Array:
    """Return clean text in lower case, still clean: some letters leave NFC when they are lowered."""
    return pc.ascii_lower(text) if ascii_only(text) else clean(pc.utf8_lower(text))


def ascii_only(text: pa.Array) -> bool:
    """Tell whether no row of a string array holds a byte beyond ASCII; by its bytes, much faster than by its rows."""
    return _extremes(text)[1] < ASCII


def holds(text: pa.Array, part: bytes) -> bool:
    """Tell whether `part` stands anywhere in the bytes of a string array, across its rows and under nulls as well."""
    return part in _held(text).tobytes()


def _extremes(text: pa.Array) -> tuple[int, int]:
    """Return the smallest and the largest byte of a string array, what stands under a null included."""
    held = _held(text)
    return (int(held.min()), int(held.max())) if len(held) else (DELETE - 1, 0)


def _blank_at_an_end(text: pa.Array) -> bool:
    """Tell whether a row of an ASCII string array, or what stands under a null, begins or ends with a blank."""
    data, ends = np.frombuffer(text.buffers()[2] or b"", np.uint8), edges(text)
    begins, stops = ends[:-1], ends[1:]
    if (begins == stops).any():
        begins, stops = begins[begins < stops], stops[begins < stops]
    return any(((signs <= SPACE) | (signs == DELETE)).any() for signs in (data[begins], data[stops - 1]))


def _held(text: pa.Array) -> npt.NDArray[np.uint8]:
    ends = edges(text)
    return np.frombuffer(text.buffers()[2] or b"", dtype=np.uint8)[ends[0] : ends[-1]]


def edges(text: pa.Array) -> npt.NDArray[np.int32]:
    """Return where each row of a string array begins, and where the last one ends."""
    offsets = text.buffers()[1]
    if offsets is None or not len(text):
        return np.zeros(1, np.int32)
    return np.frombuffer(offsets, dtype=np.int32)[text.offset : text.offset + len(text) + 1]
