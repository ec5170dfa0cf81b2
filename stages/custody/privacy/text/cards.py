"""Card numbers in text: ISO/IEC 7812's lengths and check digit, and what stands around.

A number that passes the check by chance, as each tenth does, is none inside of a longer hexadecimal number or a
fraction, and in the place of an id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.text import boundaries, sentinels, splice
from custody.privacy.text.haystack import Haystack

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP = r"(?: {1,2}|\x{A0}|-|\+|%20)"
PROBE = rf"[0-9]{{13}}|[0-9]{{4}}{GAP}[0-9]{{4,6}}{GAP}[0-9]{{4}}"
"""Finds every text that may hold one (RE2 and Rust)."""
CARD = rf"[0-9]{{13,}}|[0-9]{{4}}(?:(?:{GAP}[0-9]{{4}}){{3}}|{GAP}[0-9]{{6}}{GAP}[0-9]{{4,5}})"
"""What may be a card number (ISO/IEC 7812): 13 to 19 digits, or groups of 4-4-4-4, 4-6-5 or 4-6-4."""

_NAMED = (
    "flow|event|msg|message|req|request|trace|span|corr|correlation|txn|conn|connection|object|resource|thread|process|"
    "log|record|job|task|tenant|device|instance|parent|queue|doc|document|rule|alert|stream|packet|session|channel|guild"
)
ID = (
    rf"(?:(?:^|[^0-9A-Za-z])(?:[0-9A-Za-z]+[_.-])*(?i:[a-z]?ids?|guid|seq|sequence|nonce|inode|(?:{_NAMED})[_-]?ids?)|"
    r"[0-9a-z](?:Id|ID|Seq))(?:\\{0,7}[\"'])? {0,2}(?:=|:|%3[dD]) {0,2}(?:\[ ?)?(?:\\{0,7}[\"'])?$|"
    r"/(?i:status(?:es)?|posts?|photos?|videos?|events?|items?|issues?|comments?)/$"
)
"""A key that says of the number behind it that it is an id: `flow_id=`, `"flowId": `, `ids: [`."""
MONEY = r"(?i)(?:card|cc|pan|credit|debit|pay|acc(?:oun)?t|bank|iban|holder)[0-9a-z_.-]*[^0-9a-z]*(?:%3d)?$"
"""A key of a card, a payment or an account."""

_BESIDE = 8
"""Letters or digits beside a number that are looked at."""
_KEY = 48
"""Bytes before a number in which its key is looked for."""
LENGTHS, OLDEST, AIRLINE = range(13, 20), 13, 15
"""Digits of a card number, of Visa's oldest and of the airlines' UATP."""


def redact(texts: pa.Array) -> pa.Array:
    """Replace card numbers by the sentinel of their placeholder (large strings without nulls)."""
    rows = np.flatnonzero(pc.match_substring_regex(texts, CARD).to_numpy(zero_copy_only=False))
    if not len(rows):
        return texts
    part = texts.take(pa.array(rows))
    spans = splice.find(part, CARD)
    hay = Haystack(part)
    escape = hay.at(hay.offsets[spans.row] + spans.start - 1, spans.row) == ord("%")  # `%204111…`
    spans = spans._replace(start=spans.start + 2 * escape)
    spans = spans.filter(_is_card(hay, spans))
    written = pa.array([sentinels.of("card")] * len(spans.row), pa.string())
    return splice.put(texts, rows, splice.replace(part, spans, written))


def _is_card(hay: Haystack, spans: splice.Spans) -> NDArray[np.bool_]:
    """True where the digits pass Luhn's check (ISO/IEC 7812-1, annex B) and could be a card's.

    Not inside a longer hexadecimal number or a decimal fraction. Numbers that begin with 1 are times far more often
    than cards: only airlines' 15 digits count; of 13 digits only those that begin with 4.
    """
    begin, end = hay.offsets[spans.row] + spans.start, hay.offsets[spans.row] + spans.end
    beside = _is_hex(hay, spans.row, begin, -1) | _is_hex(hay, spans.row, end - 1, 1)
    fraction = (hay.at(begin - 1, spans.row) == ord(".")) & boundaries.DIGIT[hay.at(begin - 2, spans.row)]
    places = end[:, None] - 1 - np.arange(32)  # from the right; a longer run is no card
    last = hay.at(np.maximum(places, begin[:, None] - 1), np.broadcast_to(spans.row[:, None], places.shape))
    used = (places >= begin[:, None]) & boundaries.DIGIT[last]
    used &= ~_in_escape(hay, spans.row, places)
    digit = np.where(used, last - ord("0"), 0).astype(np.int64)
    doubled = np.where(np.cumsum(used, axis=1) % 2 == 0, digit * 2, digit)
    valid = (np.where(doubled > 9, doubled - 9, doubled).sum(axis=1) % 10) == 0  # noqa: PLR2004  # digits of a two-digit number
    count, first = used.sum(axis=1), hay.at(begin, spans.row)
    plausible = np.isin(count, list(LENGTHS)) & ((first != ord("1")) | (count == AIRLINE))
    plausible &= (count != OLDEST) | (first == ord("4"))
    result: NDArray[np.bool_] = valid & plausible & ~beside & ~fraction
    whole = np.flatnonzero(result & (count == end - begin))  # an id has no gaps
    result[whole] = ~_is_id(hay, spans.row[whole], begin[whole])
    return result


def _is_id(hay: Haystack, row: NDArray[np.int64], begin: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True where a key before the number says that it is an id (`flow_id=`), and of no card, payment or account."""
    places = begin[:, None] - np.arange(_KEY, 0, -1)
    bytes_ = hay.at(places, np.broadcast_to(row[:, None], places.shape))
    before = splice.strings(np.where(bytes_ < boundaries.ASCII, bytes_, 0).astype(np.uint8))
    money = pc.match_substring_regex(before, MONEY)
    result: NDArray[np.bool_] = pc.and_not(pc.match_substring_regex(before, ID), money).to_numpy(zero_copy_only=False)
    return result


def _in_escape(hay: Haystack, row: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for the digits of `%20`."""
    rows = np.broadcast_to(row[:, None], places.shape)
    one, two = hay.at(np.maximum(places - 1, 0), rows), hay.at(np.maximum(places - 2, 0), rows)
    inside: NDArray[np.bool_] = (one == ord("%")) | ((two == ord("%")) & (one == ord("2")))
    return inside


def _is_hex(hay: Haystack, row: NDArray[np.int64], edge: NDArray[np.int64], step: int) -> NDArray[np.bool_]:
    """True where letters and digits go on beside a number, all hexadecimal digits and no escape (`%3D`, `%B`)."""
    places = edge[:, None] + step * np.arange(1, _BESIDE + 2)
    beside = hay.at(places, np.broadcast_to(row[:, None], places.shape))
    run = np.logical_and.accumulate(boundaries.ALNUM[beside], axis=1)[:, :_BESIDE]
    length = run.sum(axis=1)
    other = (run & ~boundaries.HEX[beside[:, :_BESIDE]]).any(axis=1)
    behind = np.take_along_axis(beside, length[:, None], axis=1)[:, 0]
    escape = (step < 0) & (length <= 2) & ((behind == ord("%")) | (behind == ord("=")))  # noqa: PLR2004  # two digits
    result: NDArray[np.bool_] = (length > 0) & ~other & ~escape
    return result
