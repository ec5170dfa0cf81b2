"""Base64 taken off (RFC 4648, both alphabets), wherever in it a text begins.

A run of its characters is read from each of four places, so that it does not matter what stands before it; lines of
mail are joined. Where a run is no base64 at all, it decodes to noise, and noise can spell a short name by chance: a hit
of fewer than `SURE` bytes counts only among printable characters. NUL counts as text, since UTF-16 is full of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from custody.privacy.text import decoded, runs
from custody.privacy.text.decoded import Decoded
from custody.privacy.text.haystack import Haystack
from custody.privacy.text.runs import SEXTET, SURE
from custody.privacy.text.splice import Spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from custody.privacy.text.haystack import Found

NEIGHBORS = 4
"""Printable bytes wanted on either side for each byte that a name is shorter."""
_PASSWORD = re.compile(rb"[0-9a-z@._/\\-]{0,64}[:\0][^\0-\x1f]+")
_CREDENTIAL = np.isin(np.arange(256), list(b"0123456789abcdefghijklmnopqrstuvwxyz@._/\\-:\0"))
_LONGEST = 1024
"""Bytes of an account's end and a password."""
DELETE = 0x7F
"""The first byte behind printable ASCII."""


def unpacked(haystack: Haystack, rows: NDArray[np.int64], text: NDArray[np.bool_]) -> Iterator[Decoded]:
    """Yield what the runs in these texts decode to, from each place to begin, if it can be `text` (`runs.texts_of`)."""
    if not len(rows):
        return
    part = haystack.part(rows)
    raw, shift = Haystack(part.raw), haystack.offsets[rows] - part.offsets[:-1]
    found = runs.runs(raw)
    whole, words = runs.windows(found), runs.windows(runs.words(raw, found))
    spans, count = Spans(*(np.concatenate(both) for both in zip(whole, words, strict=True))), len(whole.row)
    for batch in runs.batches(raw.offsets[spans.row] + spans.start):
        yield _read(raw, [spans.filter(batch[batch < count]), spans.filter(batch[batch >= count])], (rows, shift), text)


def _read(
    raw: Haystack, both: list[Spans], origin: tuple[NDArray[np.int64], NDArray[np.int64]], text: NDArray[np.bool_]
) -> Decoded:
    """Decode runs, from each of four places to begin, and words where they can be text; `origin` is of their rows."""
    starts, ends = ([raw.offsets[spans.row] + spans[i] for spans in both] for i in (1, 2))
    begin, run = np.nonzero(_likely(raw, starts, ends, text))
    used, run = np.unique(run, return_inverse=True)
    at, counts = _characters(raw, np.concatenate(starts)[used], np.concatenate(ends)[used])
    codes, rows = SEXTET[raw.data[at]], np.concatenate([spans.row for spans in both])[used][run]
    sizes = (counts[run] - begin) * 6 // 8
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    nth = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
    place, turn = np.repeat((np.cumsum(counts) - counts)[run] + begin, sizes) + nth // 3 * 4 + nth % 3, nth % 3
    data = (codes[place].astype(np.int64) << (2 + 2 * turn) | codes[place + 1] >> (4 - 2 * turn)).astype(np.uint8)
    row, shift = (part[rows] for part in origin)
    moved = np.repeat(shift, sizes)
    return Decoded(decoded.of(data, offsets), row, at[place] + moved, at[place + 1] + 1 + moved)


def _likely(
    raw: Haystack, starts: list[NDArray[np.int64]], ends: list[NDArray[np.int64]], text: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell which runs, and behind them which words, may be text from which character on; words are from their first."""
    low = int(np.concatenate(starts).min())
    read = runs.readings(raw.data[low : np.concatenate(ends).max()], text)
    told = np.hstack([runs.promising(read, at - low, to - low) for at, to in zip(starts, ends, strict=True)])
    told[1:, len(starts[0]) :] = False
    return told


def _characters(
    raw: Haystack, begin: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the characters of runs stand, line breaks left out, and how many each run has."""
    lengths = end - begin
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    places = np.arange(bounds[-1]) + np.repeat(begin - bounds[:-1], lengths)
    used = SEXTET[raw.data[places]] < 64  # noqa: PLR2004  # six bits
    if used.all():
        return places, lengths
    return places[used], np.diff(np.concatenate([[0], np.cumsum(used)])[bounds])


def whole_texts(hay: Haystack, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those of the rows that are ASCII text alone, or NULs; only in such ones another encoding is looked for."""
    strange = pl.Series(hay.texts.take(pa.array(rows))).str.contains(r"[^\x00\x09\x0A\x0D\x20-\x7E]")
    result: NDArray[np.int64] = rows[~strange.to_numpy()]
    return result


def with_password(found: Found, hay: Haystack) -> Found:
    """Hits in decoded texts; one in a credential's place (RFC 7617; RFC 4616) with the password behind it.

    `alice:…`, `alice@corp.com:…`, and between NULs: up to the end of the line, as passwords may hold blanks.
    """
    followed = np.flatnonzero(_CREDENTIAL[hay.at(found.end, found.row)] & (found.end < hay.offsets[found.row + 1]))
    end = found.end.copy()
    for i in followed.tolist():
        behind = hay.data[end[i] : min(end[i] + _LONGEST, hay.offsets[found.row[i] + 1])].tobytes()
        password = _PASSWORD.match(behind)
        end[i] += password.end() if password else 0
    return found._replace(end=end)


def is_text(found: Found, hay: Haystack) -> NDArray[np.bool_]:
    """True for hits that are long enough, or stand among printable ASCII and ends of the decoded text."""
    if not len(hay.data):
        return np.zeros(len(found.row), dtype=bool)
    strange = (hay.data < ord(" ")) & ~np.isin(hay.data, list(b"\0\t\r\n")) | (hay.data >= DELETE)
    bad = np.concatenate([[0], np.cumsum(strange)])
    reach = NEIGHBORS * np.maximum(SURE - (found.end - found.start), 0)
    left = np.maximum(found.start - reach, hay.offsets[found.row])
    right = np.minimum(found.end + reach, hay.offsets[found.row + 1])
    result: NDArray[np.bool_] = (bad[found.start] == bad[left]) & (bad[right] == bad[found.end])
    return result
