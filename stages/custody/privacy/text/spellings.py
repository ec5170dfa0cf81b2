"""Other spellings of what is known: addresses as file names, URLs, resolvers and reports write them.

A canonical address has too many spellings to list, so texts are searched for their shapes, and each distinct one found
is brought back to the canonical form and looked up: MAC addresses bare, in dashes, or as Cisco writes them; IPv4 in
dashes or underscores, defanged (`10[.]0[.]0[.]1`), with leading zeros, and as one number, decimal or hexadecimal, or
four hexadecimal or octal ones (`inet_aton`); both backwards for a resolver (RFC 1035, 3.5; RFC 3596, 2.5); IPv6 in
every form of RFC 4291, also of an IPv4 address. What has few spellings is listed: names of several words, e-mail
addresses and hosts whose domain has a form in ASCII (RFC 3492).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.canonical import address
from custody.privacy.text import addresses, boundaries, composed, probes, splice
from custody.privacy.text.haystack import Found, Haystack
from custody.privacy.text.lookup import Lookup

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLANKS = ("+", "\u00a0", "  ")
"""What stands between the words of a name instead of a blank."""

_X, _XX = "[0-9a-f]{2}", "[0-9a-f]{4}"
_COLON = "%(?:25)?3a"
_DOT = r"(?:\.|-|_|\[\.\]|\(\.\)|\[dot\]|%(?:25)?2e)"
MAC = rf"{_X}(?:-{_X}){{5}}|{_X}(?:{_COLON}{_X}){{5}}|{_XX}(?:[.-]{_XX}){{2}}|[0-9a-f]{{6}}-?[0-9a-f]{{6}}"
V4 = rf"[0-9]{{1,3}}(?:{_DOT}[0-9]{{1,3}}){{3}}"
V4_PROBE = r"[0-9](?:-|_|\[\.\]|\(\.\)|\[dot\]|%(?:25)?2e)[0-9]{1,3}[-_.%\[(]|(?:^|[^0-9])0[0-9]{1,2}\.[0-9]|\.0[0-9]"
NUMBER = r"0x[0-9a-f]{8}|0x[0-9a-f]{1,2}(?:\.0x[0-9a-f]{1,2}){3}|0[0-7]{1,3}(?:\.0[0-7]{1,3}){3}|[0-9]{8,10}"
REVERSED = r"(?:[0-9]{1,3}\.){4}in-addr\.arpa|(?:[0-9a-f]\.){32}ip6\.arpa"
_SEP = f"(?::|{_COLON})"
V6 = f"(?:[0-9a-f]{{0,4}}{_SEP}){{2,8}}(?:[0-9]{{1,3}}(?:\\.[0-9]{{1,3}}){{3}}|[0-9a-f]{{0,4}})"
V6_PROBE = f"{_SEP}{_SEP}|(?:[0-9a-f]{{1,4}}{_SEP}){{7}}"
SHORT = r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{3,5}"
"""Three numbers, the last one of 16 bits (`inet_aton`); one below 256 is a version far more often."""
_VERSION = r"[0-9]\.$|[0-9a-z]/$|(?:version|build|release|windows|microsoft|kernel|firmware|nt|ver|v|os)[^0-9a-z]{0,3}$"
_BEFORE = 12
SHORT_PROBE = rf"(?:^|[^0-9.]){SHORT}(?:$|[^0-9.])"
LITERAL = r"[0-9a-f]{0,4}(?:-[0-9a-f]{0,4}){2,7}(?:s[0-9]+)?\.ipv6-literal\.net"
_LIKE_V4 = rf"{V4_PROBE}|0x[0-9a-f]|[0-9]{{8}}|0[0-7]{{1,3}}\.0[0-7]|{SHORT_PROBE}"
_LIKE_MAC = rf"[0-9a-f]{{12}}|[0-9a-f]{{6}}-[0-9a-f]{{6}}|{_XX}[.-]{_XX}[.-]|{_X}(?:-{_X}){{3}}|{_COLON}"
_LIKE_ANY = rf"{_SEP}{_SEP}|(?::[0-9a-f]{{1,4}}){{6}}|{_COLON}|\.arpa|\.ipv6-literal"
"""Find what may be one of the patterns above in fewer states, all of them in one pass over a text."""
_IS_MAC = f"^{_X}(?::{_X}){{5}}$"


def listed(names: pa.Array) -> tuple[pa.Array, NDArray[np.int64]]:
    """Return further spellings of folded names that are none of the names, and which name each is of."""
    texts, origin = [pa.array([], pa.string())], [np.empty(0, dtype=np.int64)]
    several = np.flatnonzero(pc.match_substring(names, " ").to_numpy(zero_copy_only=False))
    for blank in BLANKS:
        texts.append(pc.replace_substring(names.take(pa.array(several)), " ", blank))
        origin.append(several)
    named = np.flatnonzero(_has_domain(names))
    texts.append(pa.array([_other_domain(name) for name in names.take(pa.array(named)).to_pylist()], pa.string()))
    origin.append(named)
    others, places = folded(names)
    joined, places = pa.concat_arrays([*texts, others]), np.concatenate([*origin, places])
    fresh = pc.invert(pc.is_in(joined, value_set=names))
    return joined.filter(fresh), places[fresh.to_numpy(zero_copy_only=False)]


def folded(names: pa.Array) -> tuple[pa.Array, NDArray[np.int64]]:
    """Return the compared forms of folded names that have another one (`strauss` of `strauß`), and which name's."""
    chosen = np.flatnonzero(~pc.string_is_ascii(names).to_numpy(zero_copy_only=False))
    forms = [composed.folded(name) for name in names.take(pa.array(chosen)).to_pylist()]
    other = [form != name for form, name in zip(forms, names.take(pa.array(chosen)).to_pylist(), strict=True)]
    return pa.array(forms, pa.string()).filter(pa.array(other, pa.bool_())), chosen[np.array(other, dtype=bool)]


def _has_domain(names: pa.Array) -> NDArray[np.bool_]:
    """True for addresses and hosts of several labels, one of them not in ASCII or spelled so (RFC 3492)."""
    one = pc.match_substring_regex(names, r"^[^\s]*[@.][^\s]*$")
    told: NDArray[np.bool_] = pc.and_(one, pc.match_substring_regex(names, r"[^\x00-\x7f]|xn--")).to_numpy(
        zero_copy_only=False
    )
    return told


def _other_domain(name: str) -> str:
    """Return an address or host with its domain in ASCII, or in Unicode where it was in ASCII; as it is for none."""
    local, at, domain = name.rpartition("@")
    try:
        other = domain.encode("ascii").decode("idna") if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return name
    return f"{local}{at}{other.lower()}"


class Spellings:
    """Finds known network addresses in other spellings; `ids` are what hits call them."""

    def __init__(self, names: pa.Array, ids: NDArray[np.int64]) -> None:
        kinds = boundaries.classes(names)
        network = (kinds == boundaries.V4) | (kinds == boundaries.COLONS)
        self._names, self._ids = names.filter(pa.array(network)), ids[network]

    @cached_property
    def _kinds(self) -> tuple[bool, bool, bool]:
        """Whether MAC, IPv4 and any IP addresses are known."""
        mac = pc.match_substring_regex(self._names, _IS_MAC).to_numpy(zero_copy_only=False)
        v6 = pc.match_substring(self._names, ":").to_numpy(zero_copy_only=False) & ~mac
        return bool(mac.any()), bool((~mac & ~v6).any()), bool((~mac).any())

    @cached_property
    def probe(self) -> str | None:
        """Finds every folded text that can hold a known address in another spelling; None where none is known."""
        probes = zip(self._kinds, (_LIKE_MAC, _LIKE_V4, _LIKE_ANY), strict=True)
        return "|".join(probe for known, probe in probes if known) or None

    @cached_property
    def _patterns(self) -> dict[str, str]:
        """What to look for, by what finds the texts that may hold it."""
        mac, v4, any_ip = self._kinds
        chosen = [
            (V4_PROBE, V4, v4), (NUMBER, NUMBER, v4), (MAC, MAC, mac), (V6_PROBE, V6, any_ip),
            (r"\.arpa", REVERSED, any_ip), (SHORT_PROBE, SHORT, v4), (r"\.ipv6-literal", LITERAL, any_ip),
        ]  # fmt: skip
        return {probe: pattern for probe, pattern, needed in chosen if needed}

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self._names, self._ids)

    def find(self, haystack: Haystack) -> Found:
        """Every hit of folded texts; only those that a probe finds are looked at closely."""
        if self.probe is None:
            return Found.none()
        rows = probes.matching(haystack.texts, self.probe)
        if not len(rows):
            return Found.none()
        part = Haystack(splice.unmarked(haystack.texts.take(pa.array(rows))))
        held = zip(self._patterns.values(), probes.each(part.texts, [*self._patterns]), strict=True)
        found = [self._of_pattern(part, chosen, pattern) for pattern, chosen in held if len(chosen)]
        return Found.join(found).moved(part, haystack, rows)

    def _of_pattern(self, haystack: Haystack, rows: NDArray[np.int64], pattern: str) -> Found:
        part = haystack.part(rows)
        spans = splice.find(part.texts, pattern)
        first = part.offsets[spans.row]
        found = Found(spans.row, first + spans.start, first + spans.end, np.zeros_like(spans.row))
        if pattern == V6:
            found = _without_words(part, found)
        if pattern == SHORT:
            found = found.filter(_is_no_version(part, found))
        first = part.offsets[found.row]
        written = splice.pieces(part.texts, splice.Spans(found.row, found.start - first, found.end - first))
        identifier = self._lookup.find(_canonical(written, pattern))
        found = found._replace(identifier=identifier).filter(identifier >= 0)
        return found.filter(boundaries.stands_alone(part, found)).moved(part, haystack, rows)


def _without_words(haystack: Haystack, found: Found) -> Found:
    """Take off a word before the first colon, as in `src:2001:db8::1`, and a single colon at the end."""
    places = found.start[:, None] + np.arange(5)
    first = haystack.at(places, np.broadcast_to(found.row[:, None], places.shape)) == ord(":")
    word = boundaries.ALNUM[haystack.at(found.start - 1, found.row)] & first.any(axis=1)
    start = np.where(word, found.start + np.argmax(first, axis=1) + 1, found.start)
    last, before = haystack.at(found.end - 1, found.row), haystack.at(found.end - 2, found.row)
    end = found.end - ((last == ord(":")) & (before != ord(":")))
    return found._replace(start=start, end=np.maximum(end, start))


def _is_no_version(haystack: Haystack, found: Found) -> NDArray[np.bool_]:
    """True where three numbers are neither part of more nor behind what tells of a version."""
    places = found.start[:, None] - np.arange(_BEFORE, 0, -1)
    bytes_ = haystack.at(places, np.broadcast_to(found.row[:, None], places.shape))
    before = splice.strings(np.where(bytes_ < boundaries.ASCII, bytes_, 0).astype(np.uint8))
    version = pc.match_substring_regex(before, _VERSION).to_numpy(zero_copy_only=False)
    after, after2 = haystack.at(found.end, found.row), haystack.at(found.end + 1, found.row)
    result: NDArray[np.bool_] = ~version & ~((after == ord(".")) & boundaries.DIGIT[after2])
    return result


def _canonical(written: pa.Array, pattern: str) -> pa.Array:
    """Canonical form of each spelling (strings)."""
    texts = written.cast(pa.string())
    if pattern == MAC:
        digits = pc.replace_substring_regex(texts, f"{_COLON}|[^0-9a-f]", "")
        return pc.replace_substring_regex(digits, f"^{'(..)' * 6}$", r"\1:\2:\3:\4:\5:\6")
    if pattern == V4:
        dotted = pc.replace_substring_regex(texts, _DOT, ".")
        return pc.replace_substring_regex(dotted, r"\b0+([0-9])", r"\1")
    if pattern == V6:
        texts = pc.replace_substring_regex(texts, _COLON, ":")
    spell = _SPELL.get(pattern, address)
    encoded = texts.dictionary_encode()
    return pa.array([spell(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


_SPELL = {
    NUMBER: addresses.of_numbers,
    SHORT: addresses.of_short,
    LITERAL: addresses.of_literal,
    REVERSED: addresses.of_resolver,
}
