"""Base64 taken off (RFC 4648, both alphabets), wherever in it a text begins.

A run of its characters is read from each of four places, so that it does not matter what stands before it; lines of
mail are joined. Where a run is no base64 at all, it decodes to noise, and noise can spell a short name by chance: a hit
of fewer than `SURE` bytes counts only among printable characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from custody.privacy.text import decoded, splice
from custody.privacy.text.decoded import Decoded
from custody.privacy.text.haystack import Haystack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from custody.privacy.text.haystack import Found

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
SURE = 8
"""Bytes: with 50,000 names, noise spells one of so many in a text of 80 characters with a chance of 10^-10."""
NEIGHBORS = 4
"""Printable bytes wanted on either side for each byte that a name is shorter."""
DELETE = 0x7F
"""The first byte behind printable ASCII."""
WINDOW, OVERLAP, BATCH = 2**16, 2**11, 2**19
"""Characters of a run that are decoded as one, that two neighbors share, and that are decoded at once."""
JOINED = 60
"""Characters of a line, from which on the next one continues it."""

_A, _PLAIN = r"[A-Za-z0-9+/_-]", "[A-Za-z0-9]"
_RUN = rf"(?:{_A}{{{JOINED},}}\r?\n)*{_A}{{6,}}|(?:{_A}{{{JOINED},}}\r?\n)+{_A}{{1,5}}"
_WORD = rf"{_PLAIN}{{6,}}"
_SEXTET = np.full(256, 0xFF, dtype=np.uint8)
_SEXTET[list(LETTERS)] = np.arange(64)
_SEXTET[list(b"-_")] = [62, 63]


def _class(sextets: Iterable[int]) -> str:
    """Return a pattern for one character of these values."""
    chosen = sorted(set(sextets))
    if len(chosen) == len(LETTERS):
        return _A
    others = (r"\-" if chr(LETTERS[i]) == "+" else "_" for i in chosen if chr(LETTERS[i]) in "+/")
    return "[" + "".join([chr(LETTERS[i]) for i in chosen] + [*others]) + "]"


def _bits(bits: str) -> str:
    """Return a pattern for the base64 of bytes of which these bits are known; `.` is any."""
    padded = bits + "." * (-len(bits) % 6)
    groups = [padded[i : i + 6] for i in range(0, len(padded), 6)]
    return "".join(_class(i for i in range(64) if _fits(f"{i:06b}", group)) for group in groups)


def _fits(bits: str, group: str) -> bool:
    return all(known in {".", bit} for bit, known in zip(bits, group, strict=True))


_BYTES = range(ord(" "), 0x7F)
_FIRST = _class(byte >> 2 for byte in _BYTES)
_SECOND = _class((low << 4) | (byte >> 4) for low in range(4) for byte in _BYTES)
_THIRD = _class((low << 2) | (byte >> 6) for low in range(16) for byte in _BYTES)
_END = r"(?:[^A-Za-z0-9+/_\-]|$)"
_THREE = _FIRST + _SECOND + _THIRD + _A
_TWO_LEFT = _FIRST + _SECOND + _class(low << 2 for low in range(16)) + _END
_ONE_LEFT = _FIRST + _class(low << 4 for low in range(4)) + _END
PROBE = f"{_THREE}(?:{_THREE}|{_TWO_LEFT}|{_ONE_LEFT})"
"""Finds every text that may hold base64 of six printable ASCII characters in a row, or of the last four and more."""


def probe(leads: bytes) -> str:
    """Return `PROBE`, also for names with characters whose UTF-8 begins with one of `leads`."""
    others = [_bits("." * before + f"{lead:08b}" + "10......") for lead in sorted(set(leads)) for before in (0, 8, 16)]
    return "|".join([PROBE, *others])


def unpacked(haystack: Haystack, rows: NDArray[np.int64], probe: str) -> Iterator[Decoded]:
    """Yield what the runs in these texts that `probe` finds decode to, from each place to begin, if it can be text."""
    part = haystack.part(rows)
    raw, shift = Haystack(splice.unmarked(part.raw)), haystack.offsets[rows] - part.offsets[:-1]
    runs = splice.find(raw.texts, _RUN)
    runs = runs.filter(pl.Series(splice.pieces(raw.texts, runs)).str.contains(probe).to_numpy())
    for whole, begins in ((runs, range(4)), (_words(raw, runs), range(1))):
        for spans in _batches(_windows(whole)):
            first = raw.offsets[spans.row]
            places, counts = _characters(raw, first + spans.start, first + spans.end)
            origin = rows[spans.row], shift[spans.row]
            yield _joined([_from(raw, places, counts, begin, origin) for begin in begins])


def _windows(runs: splice.Spans) -> splice.Spans:
    """Cut long runs into windows that overlap, so that memory does not follow a text's length."""
    step = WINDOW - OVERLAP
    count = np.maximum(-(-(runs.end - runs.start - OVERLAP) // step), 1)
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    start = np.repeat(runs.start, count) + nth * step
    return splice.Spans(np.repeat(runs.row, count), start, np.minimum(start + WINDOW, np.repeat(runs.end, count)))


def _batches(spans: splice.Spans) -> Iterator[splice.Spans]:
    total = np.cumsum(spans.end - spans.start) // BATCH
    for number in np.unique(total).tolist():
        yield spans.filter(total == number)


def _joined(pieces: list[_Pieces]) -> Decoded:
    offsets = np.concatenate([[0], np.cumsum(np.concatenate([piece.sizes for piece in pieces]))])
    data, row, start, end = (np.concatenate([piece[i] for piece in pieces]) for i in (0, 2, 3, 4))
    return Decoded(decoded.of(data, offsets), row, start, end)


def _words(raw: Haystack, runs: splice.Spans) -> splice.Spans:
    """Return runs of letters and digits alone that begin inside of a run, as in `user/YWxpY2U`."""
    signs = pl.Series(splice.pieces(raw.texts, runs)).str.contains("[+/_-]").to_numpy()
    within = runs.filter(signs)
    rows = np.unique(within.row)
    words = splice.find(raw.texts.take(pa.array(rows)), _WORD)
    words = words._replace(row=rows[words.row])
    if not len(words.row):
        return words
    first = raw.offsets[within.row]
    begin, place = first + within.start, raw.offsets[words.row] + words.start
    run = np.maximum(np.searchsorted(begin, place, side="left") - 1, 0)
    return words.filter((place > begin[run]) & (place < (first + within.end)[run]))


class _Pieces(NamedTuple):
    """Decoded runs end to end, how long each is and of which row, and each byte's span in the original."""

    data: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    row: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def _characters(
    raw: Haystack, begin: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the characters of runs stand, line breaks left out, and how many each run has."""
    lengths = end - begin
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    places = np.arange(bounds[-1]) + np.repeat(begin - bounds[:-1], lengths)
    used = _SEXTET[raw.data[places]] < 64  # noqa: PLR2004  # six bits
    return places[used], np.diff(np.concatenate([[0], np.cumsum(used)])[bounds])


def _from(
    raw: Haystack,
    places: NDArray[np.int64],
    counts: NDArray[np.int64],
    begin: int,
    origin: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> _Pieces:
    """Decode runs from the character `begin` on; each becomes one text."""
    sizes = np.maximum(counts - begin, 0) * 6 // 8
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    nth = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
    first = np.concatenate([[0], np.cumsum(counts)])[:-1] + begin
    at = np.repeat(first, sizes) + nth // 3 * 4 + nth % 3
    one, two, turn = _SEXTET[raw.data[places[at]]], _SEXTET[raw.data[places[at + 1]]], nth % 3
    data = (((one.astype(np.int64) << (2 + 2 * turn)) | (two >> (4 - 2 * turn))) & 0xFF).astype(np.uint8)
    chosen = _can_be_text(data, offsets)
    used = np.repeat(chosen, sizes)
    at, shift = at[used], np.repeat(origin[1], sizes)[used]
    return _Pieces(data[used], sizes[chosen], origin[0][chosen], places[at] + shift, places[at + 1] + 1 + shift)


def _can_be_text(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for pieces with `SURE` characters in a row, or of nothing else: `is_text` holds for no hit in another."""
    blank = np.isin(data, list(b"\t\r\n"))
    good = decoded.valid(data, offsets) & (data >= ord(" ")) & (data != DELETE) | blank
    total = np.concatenate([[0], np.cumsum(good)])
    runs = np.concatenate([[0], np.cumsum(total[SURE:] - total[:-SURE] == SURE)]) if len(data) >= SURE else np.zeros(1)
    begin, last = offsets[:-1], np.maximum(offsets[1:] - SURE + 1, offsets[:-1])
    top = len(runs) - 1
    long = runs[np.minimum(last, top)] > runs[np.minimum(begin, top)]
    whole = total[offsets[1:]] - total[begin] == np.diff(offsets)
    result: NDArray[np.bool_] = (long | whole) & (np.diff(offsets) > 0)
    return result


def is_whole_text(hay: Haystack) -> NDArray[np.int64]:
    """Return the texts of printable ASCII alone; only in such ones another encoding is looked for."""
    strange = pl.Series(hay.texts).str.contains(r"[^\x09\x0A\x0D\x20-\x7E]")
    rows: NDArray[np.int64] = (~strange).arg_true().to_numpy().astype(np.int64)
    return rows


def is_text(found: Found, hay: Haystack) -> NDArray[np.bool_]:
    """True for hits that are long enough, or stand among printable ASCII and ends of the decoded text."""
    if not len(hay.data):
        return np.zeros(len(found.row), dtype=bool)
    strange = (hay.data < ord(" ")) & ~np.isin(hay.data, list(b"\t\r\n")) | (hay.data >= DELETE)
    bad = np.concatenate([[0], np.cumsum(strange)])
    reach = NEIGHBORS * np.maximum(SURE - (found.end - found.start), 0)
    left = np.maximum(found.start - reach, hay.offsets[found.row])
    right = np.minimum(found.end + reach, hay.offsets[found.row + 1])
    result: NDArray[np.bool_] = (bad[found.start] == bad[left]) & (bad[right] == bad[found.end])
    return result
