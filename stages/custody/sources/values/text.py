"""Text as every column gets it: one Unicode form, no blanks around it, nothing where nothing stands."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ASCII = 0x80
BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff"
)
"""Unicode's White_Space, the separators that `str.isspace` adds, and what shows nothing: U+200B, U+2060, U+FEFF."""


def clean(text: pa.Array) -> pa.Array:
    """Return NFC text (UAX #15) without `BLANKS` at its ends; null where nothing is left."""
    whole = text if ascii_only(text) else pc.utf8_normalize(text, form="NFC")
    whole = pc.utf8_trim(whole, characters=BLANKS)
    empty = pc.equal(pc.binary_length(whole), 0)
    return pc.if_else(empty, pa.scalar(None, whole.type), whole) if pc.any(empty).as_py() else whole


def lower(text: pa.Array) -> pa.Array:
    """Return clean text in lower case, still clean: some letters leave NFC when they are lowered."""
    return pc.ascii_lower(text) if ascii_only(text) else clean(pc.utf8_lower(text))


def ascii_only(text: pa.Array) -> bool:
    """Tell whether no row of a string array holds a byte beyond ASCII; by its bytes, much faster than by its rows."""
    _, offsets, data = text.buffers()
    if data is None or not len(text):
        return True
    ends = np.frombuffer(offsets, dtype=np.int32)[[text.offset, text.offset + len(text)]]
    held = np.frombuffer(data, dtype=np.uint8)[ends[0] : ends[1]]
    return not len(held) or int(held.max()) < ASCII
