"""What stands in a text for an identifier while others are being looked for.

Two characters of private plane 16 spell the number of a known identifier, or of a placeholder. No shape's own
characters are among them, so a token that was just written is never taken for something else; an e-mail address or a
secret around one swallows it whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.privacy.text import splice
from custody.privacy.text.haystack import Haystack
from custody.privacy.text.splice import Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASS = r"\x{100000}-\x{10FFFF}"
"""For use inside a character class of a pattern."""
RESERVED = rf"[\x{{F8FC}}-\x{{F8FF}}{CLASS}]"
"""Private characters that mean nothing in a text and are ours while redaction runs."""
SIZE = 8
"""Bytes of a sentinel: two characters of four."""
LEAD = 0xF4
"""First byte of every character of plane 16, and of no other (RFC 3629)."""


SHAPES = ("email", "ip", "mac", "card", "user", "host", "secret", "credentials", "iban", "personal")
"""Kinds that shapes and detectors replace; their sentinels are the last numbers but as many, see `protected`."""
FIRST = 2**32 - 2 * len(SHAPES)


def of(shape: str) -> str:
    """Return the sentinel of a placeholder such as `<email>`."""
    return str(write(np.array([FIRST + SHAPES.index(shape)]))[0])


def protected(texts: pa.Array) -> tuple[pa.Array, NDArray[np.int64]]:
    """Put sentinels, of numbers of their own, in the place of placeholders that texts bring along; and in which.

    `restored` takes both and puts them back.

    In a text with `</user>` a `<user>` is an element of XML, but for one that stands inside of such an element.
    """
    rows = pl.Series(texts).str.contains(f"<(?:{'|'.join(SHAPES)})>").arg_true().to_numpy().astype(np.int64)
    if not len(rows):
        return texts, rows
    part = texts.take(pa.array(rows))
    for number, shape in enumerate(SHAPES, FIRST + len(SHAPES)):
        stands_for = str(write(np.array([number]))[0])
        plain = pc.replace_substring(part, f"<{shape}>", stands_for)
        inner = pc.replace_substring(part, f"<{shape}></", f"{stands_for}</")
        part = pc.if_else(pc.match_substring(part, f"</{shape}>"), inner, plain)
    return splice.put(texts, rows, part), rows


def restored(texts: pa.Array, rows: NDArray[np.int64]) -> pa.Array:
    """Put the placeholders back that `protected` took out of these rows."""
    part = texts.take(pa.array(rows))
    spans, numbers = read(part)
    chosen = numbers >= FIRST + len(SHAPES)
    written = pa.array([f"<{shape}>" for shape in SHAPES]).take(pa.array(numbers[chosen] - FIRST - len(SHAPES)))
    return splice.put(texts, rows, splice.replace(part, spans.filter(chosen), written))


def cleared(texts: pa.Array) -> pa.Array:
    """Replace reserved characters that a text brings along by U+FFFD."""
    return pc.replace_substring_regex(texts, RESERVED, "\ufffd")


def write(identifiers: NDArray[np.int64]) -> pa.Array:
    """Return the sentinel of each number, which is below 2**32."""
    halves = np.stack([identifiers >> 16, identifiers & 0xFFFF], axis=1)
    characters = 0x808080F4 | halves >> 12 << 8 | (halves >> 6 & 0x3F) << 16 | (halves & 0x3F) << 24
    return splice.strings(characters.astype("<u4").view(np.uint8))


def read(texts: pa.Array) -> tuple[Spans, NDArray[np.int64]]:
    """Return where sentinels stand and which numbers they spell."""
    hay = Haystack(texts)
    first, last = int(hay.offsets[0]), int(hay.offsets[-1])
    leads = np.flatnonzero(hay.data[first:last] == LEAD) + first
    begin, second = leads[::2], leads[1::2]
    if len(begin) != len(second) or bool((second - begin != SIZE // 2).any()):
        raise CustodyError("privacy: redaction cut a token in two; nothing was written; report this")
    if not len(leads):
        return Spans(leads, leads, leads), leads
    four: NDArray[np.uint32] = np.ndarray(len(hay.data) - 3, "<u4", hay.data.data, strides=(1,))[leads]
    characters = four.astype(np.int64)
    halves = (characters >> 8 & 0x0F) << 12 | (characters >> 16 & 0x3F) << 6 | characters >> 24 & 0x3F
    row = hay.rows(begin)
    local = begin - hay.offsets[row]
    return Spans(row, local, local + SIZE), halves[::2] << 16 | halves[1::2]
