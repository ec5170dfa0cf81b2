r"""Where a token begins and ends.

An identifier is a token of its own where no word character stands beside it: letter, digit, underscore, in ASCII or
in another script that writes words apart. A letter that belongs to an escape (`%3Dalice`, `\nalice`) is none. Longer
things of the same kind are no hits: `alice@corp.com` is not in `alice@corp.com.au` nor in `x.alice@corp.com`,
`10.0.0.1` not in `10.0.0.1.5`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.policy.schema import FieldType
from custody.privacy.text import splice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.privacy.text.haystack import Found, Haystack

NAME, EMAIL, V4, COLONS = range(4)
"""Classes of identifiers; each has its own idea of what continues it."""

ASCII, LEAD, LEAD_OF_3, LEAD_OF_4 = 0x80, 0xC0, 0xE0, 0xF0
"""UTF-8 (RFC 3629): the end of ASCII, and the first bytes that lead sequences of two, three and four."""
SPACED = 0x0E00
"""Scripts from here on (Thai, Chinese, …) set no spaces between words: beside them every place is a boundary."""

_ESCAPE = (
    r"(?:%(?:25)+[0-9a-fA-F]{2}|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|"
    r"(?:\x1b|\\x1b|\\u001b|\\033|\\e|#033|\^\[)\[[0-9;]*m)$"
)
_LONGEST_ESCAPE = 20
"""Bytes; longer runs of parameters in a terminal's color are not looked at."""

PLACEHOLDERS = (*get_args(FieldType), "card", "credentials", "secret", "iban", "personal")
"""Words that redaction writes between `<` and `>`."""


def _table(characters: bytes) -> NDArray[np.bool_]:
    table = np.zeros(256, dtype=bool)
    table[list(characters)] = True
    return table


DIGIT = _table(b"0123456789")
HEX = _table(b"0123456789abcdefABCDEF")
ALNUM = _table(bytes(i for i in range(128) if chr(i).isalnum()))
WORD = ALNUM | _table(b"_")
APART = ~WORD & ~_table(b".+-:<>") & (np.arange(256) < ASCII)
"""What ends a token of every class, also the end of a text (0)."""


def classes(names: pa.Array) -> NDArray[np.int64]:
    """Class of each folded name, from its form."""
    result = np.full(len(names), NAME)
    for code, pattern in (
        (EMAIL, r"^[^@\s]+@[^@\s]+$"),
        (V4, r"^[0-9]+(?:\.[0-9]+){2,}$"),
        (COLONS, r"^[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*$"),
    ):
        result[pc.match_substring_regex(names, pattern).to_numpy(zero_copy_only=False)] = code
    return result


class Boundary:
    """Tells which occurrences of `names` are tokens."""

    def __init__(self, names: pa.Array) -> None:
        self._classes = classes(names)
        self._written = pc.is_in(names, value_set=pa.array(PLACEHOLDERS, names.type)).to_numpy(zero_copy_only=False)

    def holds(self, haystack: Haystack, found: Found) -> NDArray[np.bool_]:
        """One bool per occurrence."""
        before, after = haystack.at(found.start - 1, found.row), haystack.at(found.end, found.row)
        holds: NDArray[np.bool_] = APART[before] & APART[after]
        open_ = np.flatnonzero(~holds & ~ALNUM[after])  # beside a letter or digit nothing ends
        if len(open_):
            holds[open_] = self.judge(haystack, found.filter(open_))
        return holds

    def judge(self, haystack: Haystack, found: Found) -> NDArray[np.bool_]:
        """One bool per occurrence, whatever stands beside it; `holds` gives the same sooner where that is plain."""
        kind = self._classes[found.identifier]
        before, before2 = haystack.at(found.start - 1, found.row), haystack.at(found.start - 2, found.row)
        after, after2 = haystack.at(found.end, found.row), haystack.at(found.end + 1, found.row)
        name = (kind == NAME) | (kind == EMAIL)
        left = np.where(name, WORD[before], ALNUM[before]) & ~_escaped(haystack, found, before, before2)
        right = np.where(name, WORD[after], ALNUM[after])
        left |= (kind == V4) & (before == ord(".")) & DIGIT[before2]
        left |= (kind == EMAIL) & np.isin(before, list(b".+-")) & WORD[before2]
        right |= (kind == V4) & (after == ord(".")) & DIGIT[after2]
        right |= (kind == EMAIL) & np.isin(after, list(b".-")) & WORD[after2]
        right |= (kind == COLONS) & (after == ord(":")) & _is_group(haystack, found)
        written = self._written[found.identifier] & (before == ord("<")) & (after == ord(">"))
        holds: NDArray[np.bool_] = ~left & ~right & ~written
        foreign = np.flatnonzero(holds & ((before >= ASCII) | (after >= ASCII)))
        holds[foreign] = ~_beside_letters(haystack, found.filter(foreign))
        return holds


def _is_group(haystack: Haystack, found: Found) -> NDArray[np.bool_]:
    """True where what follows the colon after the hit is a group of an address: up to four hex digits, alone."""
    places = found.end[:, None] + np.arange(1, 6)
    following = haystack.at(places, np.broadcast_to(found.row[:, None], places.shape))
    digits = np.where(HEX[following].all(axis=1), 5, np.argmin(HEX[following], axis=1))
    behind = np.take_along_axis(following, np.minimum(digits, 4)[:, None], axis=1)[:, 0]
    result: NDArray[np.bool_] = (digits > 0) & (digits < following.shape[1]) & ~ALNUM[behind]
    return result


def _escaped(
    haystack: Haystack, found: Found, before: NDArray[np.uint8], before2: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    r"""True where the byte before belongs to `%3d`, `%253d`, `=3d`, `\x3d`, `\u003d`, `\n` or a terminal's color."""
    result: NDArray[np.bool_] = (before2 == ord("\\")) & np.isin(before, list(b"abefnrtv0"))
    hexed = HEX[before2] & HEX[before]
    before3 = haystack.at(found.start - 3, found.row)
    result |= hexed & np.isin(before3, list(b"%="))
    rest = np.flatnonzero(~result & (hexed | (before == ord("m"))))
    if len(rest):
        result[rest] = _long_escape(haystack, found.filter(rest))
    return result


def _long_escape(haystack: Haystack, found: Found) -> NDArray[np.bool_]:
    """True where what stands before the hit ends in an escape of four bytes or more."""
    places = found.start[:, None] - np.arange(_LONGEST_ESCAPE, 0, -1)
    bytes_ = haystack.at(places, np.broadcast_to(found.row[:, None], places.shape))
    texts = splice.strings(np.where(bytes_ < ASCII, bytes_, 0))
    result: NDArray[np.bool_] = pc.match_substring_regex(texts, _ESCAPE).to_numpy(zero_copy_only=False)
    return result


def stands_alone(haystack: Haystack, found: Found) -> NDArray[np.bool_]:
    """True where no ASCII letter or digit stands on either side, but for one that belongs to an escape."""
    before, before2 = haystack.at(found.start - 1, found.row), haystack.at(found.start - 2, found.row)
    left = ALNUM[before] & ~_escaped(haystack, found, before, before2)
    alone: NDArray[np.bool_] = ~left & ~ALNUM[haystack.at(found.end, found.row)]
    return alone


def _beside_letters(haystack: Haystack, found: Found) -> NDArray[np.bool_]:
    """True where a letter or digit outside ASCII stands on either side."""
    before = [haystack.at(found.start - i, found.row).astype(np.int64) for i in (1, 2, 3)]
    after = [haystack.at(found.end + i, found.row).astype(np.int64) for i in (0, 1, 2)]
    left = np.where(before[1] >= LEAD, _decode(before[1], before[0]), _decode(before[2], before[1], before[0]))
    right = np.where(after[0] < LEAD_OF_3, _decode(after[0], after[1]), _decode(*after))
    left[before[0] < ASCII], right[after[0] < ASCII] = 0, 0  # judged before
    letters = _letters()
    return letters[np.minimum(left, SPACED)] | letters[np.minimum(right, SPACED)]


def _decode(
    lead: NDArray[np.int64], second: NDArray[np.int64], third: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Code point of a UTF-8 sequence of two or three bytes (RFC 3629), `SPACED` for longer ones."""
    if third is None:
        return (lead & 0x1F) << 6 | second & 0x3F
    return np.where(
        (lead >= LEAD_OF_4) | (lead < LEAD_OF_3), SPACED, (lead & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F
    )


@cache
def _letters() -> NDArray[np.bool_]:
    return np.array([chr(i).isalnum() for i in range(SPACED)] + [False])
