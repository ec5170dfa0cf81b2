r"""Escapes taken off: `%61`, `\u0061`, `\x61`, `\141`, `&#97;`, `&commat;`, `=61`, full-width letters, however deep.

Percent-encoding of RFC 3986, also of itself (`%2561`); JSON's and C's escapes behind any number of backslashes; HTML's
character references; quoted-printable (RFC 2045). Bytes that are no UTF-8 are read as Latin-1. What is invisible, such
as a soft hyphen or the NUL beside a letter in UTF-16, is left out.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.privacy.text import composed, decoded, lookalikes, probes, splice
from custody.privacy.text.decoded import Decoded
from custody.privacy.text.haystack import Haystack

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_X = "[0-9A-Fa-f]"
_HIGH, _LOW = rf"[dD][89abAB]{_X}{{2}}", rf"[dD][c-fC-F]{_X}{{2}}"
_NAMED = "amp|lt|gt|quot|apos|nbsp|commat|period|sol|bsol|colon|lowbar|hyphen|dash|equals|num|Tab|NewLine"
NUL = r"\x{0}"
_WIDE = r"[\x{FF01}-\x{FF5E}]"
_SPELLED = (
    rf"%(?:25)*{_X}{{2}}|%u{_X}{{4}}|\\+u{_HIGH}\\+u{_LOW}|\\+u{_X}{{4}}|\\+U{_X}{{8}}|\\+u\{{{_X}{{1,6}}\}}|\\+x{_X}{{2}}|"
    rf"\\+[0-3][0-7]{{2}}|\\+[nrt\"'/]|&#[0-9]{{1,7}};?|&#[xX]{_X}{{1,6}};?|&(?:{_NAMED});|{_WIDE}|[{lookalikes.INVISIBLE}]"
)
ESCAPE = f"{_SPELLED}|{NUL}"
"""One escape."""
PROBE = (
    rf"%{_X}{{2}}|%u{_X}{{4}}|\\u{_X}{{4}}|\\U{_X}{{8}}|\\u\{{|\\x{_X}{{2}}|\\[0-3][0-7]{{2}}|&#[0-9xX]|&(?:{_NAMED});|"
    rf"{NUL}"
)
"""Finds every text in which an escape may hide a letter; where only other characters do, `composed` finds it."""
QUOTED = r"=[0-9A-F]{2}|=\r?\n"
QUOTED_PROBE = r"=[0-9A-F]{2}(?:[A-Za-z=]|$)|=\r?\n"
"""The same for quoted-printable; a digit behind makes it a number, as in `=4022`."""

_LAST = 0x10FFFF
_WIDE_FIRST, _WIDE_LAST, _WIDE_SHIFT = 0xFF01, 0xFF5E, 0xFEE0


def unescaped(haystack: Haystack, rows: NDArray[np.int64]) -> Decoded:
    """Return these texts with every escape of `ESCAPE` replaced by what it stands for."""
    return _decoded(haystack, rows, ESCAPE, _meaning)


def parted(haystack: Haystack, rows: NDArray[np.int64]) -> Decoded:
    """Return these texts with escapes replaced, but for the NUL that parts words, as it does in a command line.

    Those that hold no other escape are left out: they would stay as they are.
    """
    held = rows[probes.matching(haystack.raw.take(pa.array(rows)), _SPELLED)]
    return _decoded(haystack, held, _SPELLED, _meaning)


def unquoted(haystack: Haystack, rows: NDArray[np.int64]) -> Decoded:
    """Return these texts as quoted-printable has them."""
    return _decoded(haystack, rows, QUOTED, _quoted)


def composed_of(haystack: Haystack, rows: NDArray[np.int64]) -> Decoded:
    """Return these texts with the canonical form of every character that is written in another way (`composed`)."""
    return _decoded(haystack, rows, composed.pattern(), composed.meaning)


def _decoded(haystack: Haystack, rows: NDArray[np.int64], pattern: str, meaning: Callable[[str], bytes]) -> Decoded:
    part = haystack.part(rows)
    raw = Haystack(part.raw)
    spans = splice.find_often(splice.unmarked(part.raw), pattern)
    written = splice.pieces(part.raw, spans).dictionary_encode()
    meant = [meaning(text) for text in written.dictionary.to_pylist()]
    which = written.indices.to_numpy().astype(np.int64)
    first = raw.offsets[spans.row]
    begin, end = first + spans.start, first + spans.end
    data, start, stop, offsets = _spliced(raw, begin, end, meant, which)
    shift = haystack.offsets[rows] - raw.offsets[:-1]
    text = np.repeat(np.arange(len(rows)), np.diff(offsets))
    data, index, offsets = _latin(data, offsets)
    moved = shift[text]
    return Decoded(decoded.of(data, offsets), rows, (start + moved)[index], (stop + moved)[index])


def _spliced(
    raw: Haystack, begin: NDArray[np.int64], end: NDArray[np.int64], meant: list[bytes], which: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Put what escapes mean in their places: the bytes, the span that each came from, and where texts begin."""
    lengths = np.array([len(one) for one in meant], dtype=np.int64)[which]
    times = np.ones(len(raw.data), dtype=np.int64)
    depth = np.zeros(len(raw.data) + 1, dtype=np.int64)
    np.add.at(depth, begin, 1)
    np.subtract.at(depth, end, 1)
    times[np.cumsum(depth[:-1]) > 0] = 0
    times[begin] = lengths
    start = np.repeat(np.arange(len(raw.data)), times)
    stop, data = start + 1, raw.data[start]
    bounds = np.concatenate([[0], np.cumsum(times)])
    places = bounds[begin]
    inside = np.repeat(places - np.concatenate([[0], np.cumsum(lengths)])[:-1], lengths) + np.arange(lengths.sum())
    data[inside] = np.frombuffer(b"".join([meant[i] for i in which.tolist()]), dtype=np.uint8)
    stop[inside] = np.repeat(end, lengths)
    return data, start, stop, bounds[raw.offsets]


def _latin(
    data: NDArray[np.uint8], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Spell bytes that are no UTF-8 as the Latin-1 characters that they may be; which byte each comes from."""
    strange = ~decoded.valid(data, offsets)
    if not strange.any():
        return data, np.arange(len(data)), offsets
    bounds = np.concatenate([[0], np.cumsum(1 + strange)])
    index = np.repeat(np.arange(len(data)), 1 + strange)
    wide, second = data[index], bounds[:-1][strange] + 1
    wide[second - 1] = 0xC0 | data[strange] >> 6
    wide[second] = 0x80 | data[strange] & 0x3F
    return wide, index, bounds[offsets]


def _meaning(text: str) -> bytes:
    """Return the UTF-8 bytes that one escape stands for; none for what is invisible."""
    if text.startswith("&"):
        return html.unescape(text if text.endswith(";") else text + ";").encode(errors="replace")
    digits = text.lstrip("\\")
    if text.startswith("%u") or digits[0] in "uU":
        return _character(re.findall(r"[0-9A-Fa-f]{4,}|(?<=\{)[0-9A-Fa-f]+", digits))
    if text.startswith("%") or digits[0] == "x":
        return bytes.fromhex(text[-2:])
    if text[0] == "\\":
        return (
            bytes([int(digits, 8)])
            if digits.isdecimal()
            else {"n": b"\n", "r": b"\r", "t": b"\t"}.get(digits, digits.encode())
        )
    wide = _WIDE_FIRST <= ord(text) <= _WIDE_LAST
    return chr(ord(text) - _WIDE_SHIFT).encode() if wide else b""


def _character(units: list[str]) -> bytes:
    """Return the character of one code point, or of a pair of UTF-16 surrogates."""
    if len(units) == 2:  # noqa: PLR2004  # a pair
        return bytes.fromhex("".join(units)).decode("utf-16-be", "replace").encode()
    point = int(units[0], 16)
    return chr(point).encode(errors="replace") if point <= _LAST else b"?"


def _quoted(text: str) -> bytes:
    return b"" if text.endswith("\n") else bytes.fromhex(text[1:])
