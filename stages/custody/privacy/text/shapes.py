r"""Shapes of identifiers in text: e-mail, IP and MAC addresses, card numbers, whoever they belong to.

All patterns run on a linear-time engine (Rust's regex, through polars). It knows neither look-behind nor look-ahead:
what must stand beside a match is part of it and written back, and a rewrite is repeated until neighbors that shared a
separator are done. `\b` stands only in its ASCII form, since the other one makes the engine slow on any text that is
not ASCII. Most texts need only the two plain patterns; `RARE` tells which ones need all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.text import boundaries, sentinels, splice
from custody.privacy.text.haystack import Haystack

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_DOT = "\uf8fd"
"""A dot that is no address's, for a moment."""

_LETTER = rf"\p{{L}}\p{{N}}{sentinels.CLASS}"
_LOCAL = rf"[{_LETTER}\p{{M}}_+](?:[{_LETTER}\p{{M}}._+'\x{{2019}}-]|%[G-Zg-z])*"
_DOMAIN = rf"(?:[{_LETTER}](?:[{_LETTER}-]*[{_LETTER}])?\.)+[\p{{L}}{sentinels.CLASS}][{_LETTER}-]*[{_LETTER}]"
_DOMAIN = rf"(?:{_DOMAIN}|[{sentinels.CLASS}]{{2}})"
_ENCODED = r"%(?:25)?40|&#(?:0?64|[xX]40);|&commat;|\\u0040|\\x40|\x{FF20}"
_QUOTED = r"=40"
"""As quoted-printable has it (RFC 2045); a digit after it makes it a number."""
_LABEL = rf"(?:[{_LETTER}-]*[{_LETTER}])"
_NAMED = rf"\p{{L}}{_LABEL}?(?:\.[{_LETTER}]{_LABEL}?)*\.\p{{L}}{_LABEL}"
EMAIL = rf"{_LOCAL}@{_DOMAIN}"
"""E-mail addresses, in any script, also under .local and .internal."""
EMAIL_ENCODED = rf"((?:%[0-9A-Fa-f]{{2}})+)?{_LOCAL}(?:(?:@|{_ENCODED}){_DOMAIN}|{_QUOTED}{_NAMED})"
"""The same, with its `@` or what stands before it percent-encoded; the escapes before it are kept."""

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])"
_V4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_V4_ANY = rf"(?:{_V4}|{_OCTET}(?:-{_OCTET}){{3}})"
IPV4 = rf"(?-u:\b){_V4_ANY}(?-u:\b)"
"""IPv4 addresses in dots, and in dashes as host names have them (`ip-10-0-0-1`)."""
_LEAD4 = r"_|%[0-9A-Fa-f]{2}|\\[nrt]"
IPV4_JOINED = rf"(^|[^0-9A-Za-z{_DOT}]|{_LEAD4}){_V4_ANY}($|[^0-9A-Za-z{_DOT}])"
"""The same, also between underscores and after an escape."""

_H = r"[0-9A-Fa-f]{1,4}"
_TAIL = rf"(?:(?:{_H}:)*{_V4}|{_H}(?::{_H})*)"
_WORD = r"[0-9A-Za-z_]{5,}:|[G-Zg-z_][0-9A-Za-z_]{0,4}:"
_APART = rf"^|[^0-9A-Za-z:{_DOT}]"
_BEFORE = rf"((?:{_APART}):?|%[0-9A-Fa-f]{{2}}|{_WORD})"
_AFTER = rf"$|[^0-9A-Za-z:{_DOT}]|:$|:[^0-9A-Za-z:]|:[0-9A-Fa-f]{{0,4}}[G-Zg-z]|:[0-9A-Fa-f]{{5}}"
IPV6 = (
    rf"{_BEFORE}(?:(?:(?:{_H}:){{7}}{_H}|(?:{_H}:){{6}}{_V4}|{_H}(?::{_H})*::{_TAIL})({_AFTER})|"
    rf"{_H}(?::{_H})*::($|[^0-9A-Za-z:{_DOT}]))"
)
IPV6_SHORT = rf"({_APART}|%[0-9A-Fa-f]{{2}}|{_WORD})::{_TAIL}({_AFTER})"
"""IPv6 addresses (RFC 4291, 2.2), and those that begin with `::`; the unspecified address `::` alone is nobody's."""

_X = r"[0-9A-Fa-f]{2}"
MAC = (
    rf"{_BEFORE}(?:{_X}(?::{_X}){{5}}|{_X}(?:-{_X}){{5}}|[0-9A-Fa-f]{{4}}(?:\.[0-9A-Fa-f]{{4}}){{2}}|{_X}(?::{_X}){{13}})"
    rf"($|[^0-9A-Za-z:{_DOT}-]|[:-][0-9A-Fa-f]?(?:[^0-9A-Fa-f]|$)|[:-]{_X}[0-9A-Za-z])"
)
"""MAC addresses with colons, dashes or as Cisco writes them; 14 pairs are a frame's header in iptables' log."""

PRODUCTS = (
    "chrome|chromium|crios|firefox|fxios|iceweasel|safari|applewebkit|opera|opr|presto|edge|edg|msie|trident|seamonkey|"
    "konqueror|thunderbird|ubuntu|flash|java|python|curl|wget|nginx|apache|php|openssl|openssh|mod_ssl|iis|clr|"
    "electron|vivaldi|yabrowser|samsungbrowser|ucbrowser|okhttp|dalvik|go-http-client|kubectl|libressl|cfnetwork|"
    "vmware-client"
)
LIBRARIES = "openssl|openssh|libressl|gnutls|glibc|log4j"
"""Names that a version may follow behind a blank: no host is called so."""
NO_ADDRESS = (
    rf"(?i:(?:^|[^0-9A-Za-z_])(?:(?:{PRODUCTS})/|(?:{LIBRARIES}) v?|(?:release|ver|v)[ =:]{{1,2}})|"
    r"version[\"']?[ =:]{1,2}[\"']?v?|(?:^|[^0-9A-Za-z])(?:firmware|driver|bios|revision|build) v?)"
    r"[0-9]+(?:\.[0-9]+){3}|(?:^|[^0-9.])(?:0\.0\.0\.0|255(?:\.[0-9]+){3})|"
    r"[0-9]+(?:\.[0-9]+){3}[0-9A-Za-z~+_.-]*\.(?:rpm|deb|whl|jar|gem|nupkg|msi|apk)|(?:[0-9]+\.){5,}[0-9]+"
)
"""Dotted numbers that are nobody's address: versions after a product or the word or in a package's name, the
unspecified address and what begins with 255 (masks), and runs of six and more (OIDs)."""

_GAP = r"(?: {1,2}|\x{A0}|-|\+|%20)"
CARD = rf"[0-9]{{13,}}|[0-9]{{4}}(?:(?:{_GAP}[0-9]{{4}}){{3}}|{_GAP}[0-9]{{6}}{_GAP}[0-9]{{4,5}})"
"""What may be a card number (ISO/IEC 7812): 13 to 19 digits, or groups of 4-4-4-4, 4-6-5 or 4-6-4; `_cards` decides."""

NO_EMAIL = (
    r"krbtgt/[^\s@]+@[0-9A-Za-z.-]+|[0-9A-Za-z._:\\-]*@[0-9A-Za-z._:\\-]*"
    r"\.(?:service|scope|slice|socket|timer|mount|target|device|swap)(?:$|[^0-9A-Za-z.-])"
)
"""Names with an `@` that are nobody's mailbox: Kerberos' ticket-granting service, instances of systemd's units."""

PROBE = (
    rf"@|{_ENCODED}|{_QUOTED}\p{{L}}|[0-9]\.[0-9]+\.[0-9]|[0-9]-[0-9]{{1,3}}-[0-9]{{1,3}}-[0-9]|"
    r"[0-9A-Fa-f]:[0-9A-Fa-f]*:|::[0-9A-Fa-f]|"
    rf"{_X}-{_X}-{_X}-|[0-9A-Fa-f]{{4}}\.[0-9A-Fa-f]{{4}}\.|[0-9]{{13}}|[0-9]{{4}}{_GAP}[0-9]{{4,6}}{_GAP}[0-9]{{4}}"
)
"""Finds every text that a shape could change."""

RARE = rf"{NO_ADDRESS}|{CARD}|{MAC}|{IPV6}|{IPV6_SHORT}|(?:{_LEAD4}){_V4_ANY}|{_V4_ANY}_"
"""Finds every text in which more than plain e-mail and IPv4 addresses may stand."""

_EMAIL, _IP, _MAC, _CARD = (sentinels.of(shape) for shape in ("email", "ip", "mac", "card"))
REWRITES = (
    (MAC, f"${{1}}{_MAC}${{2}}"),
    (IPV6, f"${{1}}{_IP}${{2}}${{3}}"),
    (IPV6_SHORT, f"${{1}}{_IP}${{2}}"),
    (IPV4_JOINED, f"${{1}}{_IP}${{2}}"),
)
"""What to find in such a text and what it becomes, in this order."""


_BESIDE = 8
"""Letters or digits beside a number that are looked at."""
LENGTHS, OLDEST, AIRLINE = range(13, 20), 13, 15
"""Digits of a card number, of Visa's oldest and of the airlines' UATP."""


def redact(texts: pa.Array) -> pa.Array:
    """Replace every shape by the sentinel of its placeholder (large strings without nulls)."""
    texts, guarded = _guard(texts, NO_EMAIL)
    series = pl.Series(texts)
    encoded = series.str.contains(rf"{_ENCODED}|{_QUOTED}\p{{L}}") | (
        series.str.contains("%", literal=True) & series.str.contains("@", literal=True)
    )
    series = _where(series, encoded, lambda part: part.str.replace_all(EMAIL_ENCODED, f"${{1}}{_EMAIL}"))
    series = _where(series, series.str.contains("@", literal=True), lambda part: part.str.replace_all(EMAIL, _EMAIL))
    rare = series.str.contains(RARE)
    series = _where(series, rare, _thorough)
    series = _where(series, ~rare, lambda part: part.str.replace_all(IPV4, _IP))
    return _unguard(series, guarded=guarded).to_arrow().cast(pa.large_string())


def _where(series: pl.Series, mask: pl.Series, rewrite: Callable[[pl.Series], pl.Series]) -> pl.Series:
    if not mask.any():
        return series
    return rewrite(series) if mask.all() else series.scatter(mask.arg_true(), rewrite(series.filter(mask)))


def _thorough(series: pl.Series) -> pl.Series:
    texts, guarded = _guard(series.to_arrow().cast(pa.large_string()), NO_ADDRESS)
    series = pl.Series(_cards(texts))
    for pattern, rewrite in REWRITES:
        series = _repeat(series, pattern, rewrite)
    return _unguard(series, guarded=guarded)


def _repeat(series: pl.Series, pattern: str, rewrite: str) -> pl.Series:
    left = series.str.contains(pattern)
    while left.any():
        series = _where(series, left, lambda part: part.str.replace_all(pattern, rewrite))
        left = series.str.contains(pattern)
    return series


def _unguard(series: pl.Series, *, guarded: bool) -> pl.Series:
    return series.str.replace_all(_DOT, ".", literal=True) if guarded else series


def _guard(texts: pa.Array, pattern: str) -> tuple[pa.Array, bool]:
    """Take the dots out of what is no address."""
    rows = _matching(texts, pattern)
    if not len(rows):
        return texts, False
    part = texts.take(pa.array(rows))
    spans = splice.find(part, pattern)
    undotted = pc.replace_substring(splice.pieces(part, spans), ".", _DOT)
    return splice.put(texts, rows, splice.replace(part, spans, undotted)), True


def _cards(texts: pa.Array) -> pa.Array:
    rows = _matching(texts, CARD)
    if not len(rows):
        return texts
    part = texts.take(pa.array(rows))
    spans = splice.find(part, CARD)
    hay = Haystack(part)
    escape = hay.at(hay.offsets[spans.row] + spans.start - 1, spans.row) == ord("%")  # `%204111…`
    spans = spans._replace(start=spans.start + 2 * escape)
    spans = spans.filter(_is_card(hay, spans))
    return splice.put(texts, rows, splice.replace(part, spans, pa.array([_CARD] * len(spans.row), pa.string())))


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


def _matching(texts: pa.Array, pattern: str) -> NDArray[np.int64]:
    return np.flatnonzero(pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False))
