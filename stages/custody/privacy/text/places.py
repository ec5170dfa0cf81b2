r"""Places where an identifier is expected, the only ones where a number or a very short name counts as one.

`user 7`, `user=7`, `"login": "bob"`, `uid=7`, `account: bob`, `for bob from 10.0.0.1`: one of `KEYS`, then one of
`SEPARATORS`, or a phrase of `PHRASES`, then the name; also home directories, `CORP\bob` and `bob@corp`. A text that is
nothing but the name counts too, where the caller says so.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

import ahocorasick_rs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.text import boundaries, matching, probes
from custody.privacy.text.haystack import Found, Haystack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SHORT = 4
"""Names of fewer characters are short."""
DENSE = r"^..*[\x{0E00}-\x{10FFFF}]|^[\x{0E00}-\x{10FFFF}].*."
"""Two characters of a script such as Chinese are a whole name, and no chance."""
DIGITS = 9
"""Numbers of fewer digits stand in texts by chance."""
KEYS = (
    "user", "username", "user_name", "user name", "usr", "ruser", "euser", "login", "logname", "uid", "auid", "account",
    "acct", "user_id", "userid", "account name", "account_name", "accountname", "targetusername", "subjectusername",
    "samaccountname", "suser", "duser", "srcuser", "dstuser", "sasl_username", "audit_user",
)  # fmt: skip
QUOTES = ("", "'", '"', '\\"', "%22", "&quot;")
SIGNS = ("=", ":", ": ", " = ", " : ", "=>", " => ", ":\t", ":\t\t", "%3d", "%3a", "'>", '">')
SEPARATORS = tuple(close + sign + opening for close in QUOTES for sign in SIGNS for opening in (*QUOTES, "[", "(", "<"))
PHRASES = (
    ("user ", ""), ("login ", ""), ("account ", ""), ("for ", " from "), ("for user ", ""), ("for user '", "'"),
    ('for user "', '"'), ("user '", "'"), ('user "', '"'), ("(", ") cmd"), ("]: ", " : tty="),
    *(("sudo:" + " " * count, " : ") for count in range(1, 9)),
)  # fmt: skip
"""What stands before the name, and what must follow it."""
PATHS = ("/home/", "/users/", "~")
DOMAINS = ("\\", "\\\\", "%5c")
"""What stands before the name of a home directory, and between a domain and an account: no number counts there."""
CUES = (
    *((key + separator, "") for key in KEYS for separator in SEPARATORS),
    *PHRASES,
    *((before, "") for before in (*PATHS, *DOMAINS)),
)
LONGEST = 24
"""Bytes; no short or numeric name has more."""

_INSIDE = r"(?-i:[0-9A-Za-z_.,+\-\x{80}-\x{10FFFF}])"
"""A character of a name in any case; an engine that works out every script's cases takes a tenth of a second."""
_SHORT = rf"{_INSIDE}{{1,3}}|[+-]?[0-9]{{1,8}}(?:[.,][0-9]{{1,6}})?"
_ANY_WORD, _FEW = rf"{_INSIDE}{{4,24}}", 20
_BEHIND = r"(?:(?-i:[^0-9A-Za-z_\x{80}-\x{10FFFF}])|\z)"
_QUOTE = f"(?:{'|'.join(re.escape(quote) for quote in QUOTES if quote)})?"
_KEYED = rf"(?:{'|'.join(KEYS)}){_QUOTE}(?: ?(?:=>|[=:]|%3[da]|[\"']>)[ \t]{{0,2}})(?:{_QUOTE}|[\[(<])"
_LETTERS = rf"(?-i:[A-Za-z_.\x{{80}}-\x{{10FFFF}}]){_INSIDE}{{0,2}}"
_NO_NAME = r"(?-i:[^0-9A-Za-z_.,+\-\x{80}-\x{10FFFF}])"


def probe_for(words: Sequence[str] = ()) -> str:
    """Return what finds every folded text that can hold a short name, a number or one of `words` in a place."""
    few = [re.escape(word) for word in words] if len(words) <= _FEW else [_ANY_WORD]
    name, home = "|".join([_SHORT, *few]), "|".join([_LETTERS, *few])
    said = "|".join(f"{re.escape(before)}(?:{name})" + (re.escape(after) or _BEHIND) for before, after in PHRASES)
    homes = rf"(?:/home/|/users/|~|\\|%5c)(?:{home}){_BEHIND}"
    return rf"{_KEYED}(?:{name}){_BEHIND}|{said}|{homes}|(?:{_NO_NAME}|^)(?:{name})@[0-9a-z]"


_NAME = boundaries.WORD | (np.arange(256) >= 0x80)  # noqa: PLR2004  # not ASCII
_BLANK = (np.arange(256) <= ord(" ")) | (np.arange(256) >= 0x80)  # noqa: PLR2004  # not ASCII
"""Bytes that a blank of any script can begin or end with."""
_INNER = _NAME | np.isin(np.arange(256), list(b".,+-"))


_JOINED = np.array([*(before in DOMAINS for before, _ in CUES), False])
_FREE = np.array([not before[0].isalpha() for before, _ in CUES])
_LETTERS_ONLY = np.array([*(before in {*PATHS, *DOMAINS} for before, _ in CUES), False])
_LONGEST_CUE = max(len(before) for before, _ in CUES)
_FOLLOWED = [(i, after.encode()) for i, (_, after) in enumerate(CUES) if after]


def needed(names: pa.Array) -> NDArray[np.bool_]:
    """True for folded names that count only in an identifier's place."""
    dense = pc.match_substring_regex(names, DENSE)
    short = pc.and_not(pc.less(pc.utf8_length(names), SHORT), dense)
    number = pc.match_substring_regex(names, r"^[+-]?[0-9]+(?:[.,][0-9]+)?$")
    few = pc.less(pc.utf8_length(names), DIGITS)
    result: NDArray[np.bool_] = pc.or_(short, pc.and_(number, few)).to_numpy(zero_copy_only=False)
    return result


class Places:
    """Finds short and numeric names in identifiers' places; `ids` are what hits call them."""

    def __init__(self, names: pa.Array, ids: NDArray[np.int64]) -> None:
        self._names, self._ids = names, ids
        listed = np.array(names.cast(pa.binary()).to_pylist(), dtype=f"S{LONGEST}")
        self._order = np.argsort(listed, kind="stable")
        self._sorted = listed[self._order]

    @cached_property
    def probe(self) -> str:
        """Finds every folded text that `find` may find something in."""
        words = self._names.filter(pc.invert(pc.match_substring_regex(self._names, f"^(?:{_SHORT})$")))
        return probe_for(words.to_pylist())

    def find(self, haystack: Haystack) -> Found:
        """Every hit after one of `CUES`; only texts that `probe` finds are looked at closely."""
        rows = probes.matching(haystack.texts, self.probe)
        if not len(rows):
            return Found.none()
        part = haystack.part(rows)
        return self.search(part).moved(part, haystack, rows)

    def search(self, haystack: Haystack) -> Found:
        """Every hit after one of `CUES`, without the probe."""
        cues = matching.search(self._machine, _LONGEST_CUE, haystack, _starts_word)
        found = [one for some in cues.parts(matching.MANY) for one in self._behind(haystack, some)]
        accounts = [self._accounts(haystack, some) for some in _signs(haystack).parts(matching.MANY)]
        return Found.join([*found, *accounts])

    def _accounts(self, haystack: Haystack, signs: Found) -> Found:
        """Names that are the whole of what stands before an `@` and a letter or digit."""
        end, row = signs.start, signs.row
        places = end[:, None] - 1 - np.arange(LONGEST + 1)
        run = _INNER[haystack.at(places, np.broadcast_to(row[:, None], places.shape))]
        start = end - np.where(run.all(axis=1), 0, np.argmin(run, axis=1))
        cues = Found(row, start, start, np.full(len(row), len(CUES)))
        found = self._at(haystack, cues, _bytes(haystack, cues), _INNER, b"")
        return found.filter(
            (haystack.at(found.end, found.row) == ord("@")) & boundaries.ALNUM[haystack.at(found.end + 1, found.row)]
        )

    def whole(self, haystack: Haystack) -> Found:
        """Every text that is nothing but a name."""
        rows = np.flatnonzero(_can_be_name(haystack))
        texts = pc.utf8_trim_whitespace(haystack.texts.take(pa.array(rows)))
        place = pc.index_in(texts, value_set=self._names.cast(texts.type))
        row = rows[place.is_valid().to_numpy(zero_copy_only=False)]
        identifier = self._ids[place.drop_null().to_numpy().astype(np.int64)]
        return Found(row, haystack.offsets[row], haystack.offsets[row + 1], identifier)

    @cached_property
    def _machine(self) -> ahocorasick_rs.BytesAhoCorasick:
        return ahocorasick_rs.BytesAhoCorasick([before.encode() for before, _ in CUES])

    def _behind(self, haystack: Haystack, cues: Found) -> list[Found]:
        run = _bytes(haystack, cues)
        return [self._at(haystack, cues, run, *kind) for kind in ((_INNER, b".,+-"), (_NAME, b""))]

    def _at(
        self, haystack: Haystack, cues: Found, run: NDArray[np.uint8], inside: NDArray[np.bool_], trailing: bytes
    ) -> Found:
        """Names that start where a cue ends and are a whole `run` of `inside` bytes, but for `trailing` ones."""
        length = np.where(inside[run].all(axis=1), 0, np.argmin(inside[run], axis=1))
        run = np.where(np.arange(LONGEST + 1) < length[:, None], run, 0).astype(np.uint8)[:, :LONGEST]
        texts = np.ascontiguousarray(run).view(f"S{LONGEST}").ravel()
        texts = np.char.rstrip(texts, trailing) if trailing else texts
        spot = np.minimum(np.searchsorted(self._sorted, texts), len(self._sorted) - 1)
        end = cues.end + np.char.str_len(texts)
        hit = (self._sorted[spot] == texts) & (end > cues.end) & _followed(haystack, cues, end)
        hit &= ~_goes_on(haystack, cues, end)
        hit &= ~(_JOINED[cues.identifier] & (end == cues.end + 1))  # `\n` is an escape
        hit &= ~(_LETTERS_ONLY[cues.identifier] & boundaries.DIGIT[haystack.at(cues.end, cues.row)])
        return Found(cues.row[hit], cues.end[hit], end[hit], self._ids[self._order[spot[hit]]])


def _bytes(haystack: Haystack, cues: Found) -> NDArray[np.uint8]:
    """Return what stands behind cues; shape (cues, `LONGEST` + 1)."""
    reach = np.arange(LONGEST + 1)
    inside = reach < (haystack.offsets[cues.row + 1] - cues.end)[:, None]
    run: NDArray[np.uint8] = haystack.data.take(cues.end[:, None] + reach, mode="clip") * inside
    return run


def _signs(haystack: Haystack) -> Found:
    """Every `@`."""
    place = np.flatnonzero(haystack.data == ord("@"))
    row = haystack.rows(place)
    inside = (row >= 0) & (row < len(haystack))
    return Found(row, place, place + 1, np.zeros_like(row)).filter(inside)


def _can_be_name(haystack: Haystack) -> NDArray[np.bool_]:
    """True for texts that are no longer than a name, or have something at an end that trimming could take off."""
    begin, end = haystack.offsets[:-1], haystack.offsets[1:]
    row = np.arange(len(begin))
    edges = _BLANK[haystack.at(begin, row)] | _BLANK[haystack.at(end - 1, row)]
    possible: NDArray[np.bool_] = (end - begin <= LONGEST) | edges
    return possible


def _starts_word(haystack: Haystack, cues: Found) -> NDArray[np.bool_]:
    """True where no letter or digit goes on to the left; between a domain and an account, where one does."""
    before = haystack.at(cues.start - 1, cues.row)
    joined = _JOINED[cues.identifier]
    starts: NDArray[np.bool_] = np.where(
        joined, boundaries.WORD[before], ~boundaries.ALNUM[before] | _FREE[cues.identifier]
    )
    return starts


def _goes_on(haystack: Haystack, cues: Found, end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True where a number is only the whole part of a longer one."""
    point = np.isin(haystack.at(end, cues.row), list(b".,"))
    return point & boundaries.DIGIT[haystack.at(end - 1, cues.row)] & boundaries.DIGIT[haystack.at(end + 1, cues.row)]


def _followed(haystack: Haystack, cues: Found, end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True where what must follow the name does."""
    holds = np.ones(len(end), dtype=bool)
    for i, after in _FOLLOWED:
        chosen = np.flatnonzero(cues.identifier == i)
        for j, byte in enumerate(after):
            holds[chosen] &= haystack.at(end[chosen] + j, cues.row[chosen]) == byte
    return holds
