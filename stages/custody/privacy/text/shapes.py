r"""Shapes of identifiers in text: e-mail, IP and MAC addresses, card numbers, whoever they belong to.

All patterns run on a linear-time engine (Rust's regex, through polars). It knows neither look-behind nor look-ahead:
what must stand beside a match is part of it and written back, and a rewrite is repeated until neighbors that shared a
separator are done. `\b` stands only in its ASCII form, since the other one makes the engine slow on any text that is
not ASCII. Most texts need only the two plain patterns; `UNUSUAL` tells which ones need all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.text import cards, sentinels, splice

if TYPE_CHECKING:
    from collections.abc import Callable


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
HIDDEN = rf"{_ENCODED}|{_QUOTED}\p{{L}}|(?s:%.*@|@.*%)"
"""Finds every text that holds one."""

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])"
_V4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_V4_ANY = rf"(?:{_V4}|{_OCTET}(?:-{_OCTET}){{3}})"
IPV4 = rf"(?-u:\b)(?:25[0-4]|2[0-4][0-9]|[01]?[0-9]?[0-9])(?:\.{_OCTET}){{3}}(?-u:\b)"
"""IPv4 addresses in dots, but for masks."""
_DOTTED = r"[0-9]\.[0-9]{1,3}\.[0-9]"
"""Finds every text that may hold one."""
_LEAD4 = r"_|%[0-9A-Fa-f]{2}|\\[nrt]"
IPV4_JOINED = rf"(^|[^0-9A-Za-z{_DOT}]|{_LEAD4}){_V4_ANY}($|[^0-9A-Za-z{_DOT}])"
"""The same, also between underscores and after an escape, and in dashes as host names have them (`ip-10-0-0-1`)."""

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
_LITERAL = r"(?i:\.ipv6-literal\.net)"
IPV6_LITERAL = rf"(^|[^0-9A-Za-z-])[0-9A-Fa-f]{{0,4}}(?:-[0-9A-Fa-f]{{0,4}}){{2,7}}(?:s[0-9]+)?({_LITERAL})"
"""IPv6 addresses as Windows writes them in paths (MS-SMB2, `2001-db8--1.ipv6-literal.net`)."""

_X = r"[0-9A-Fa-f]{2}"
MAC = (
    rf"{_BEFORE}(?:{_X}(?::{_X}){{5}}|{_X}(?:-{_X}){{5}}|[0-9A-Fa-f]{{4}}(?:\.[0-9A-Fa-f]{{4}}){{2}}|{_X}(?::{_X}){{13}})"
    rf"($|[^0-9A-Za-z:{_DOT}-]|[:-][0-9A-Fa-f]?(?:[^0-9A-Fa-f]|$)|[:-]{_X}[0-9A-Za-z])"
)
"""MAC addresses with colons, dashes or as Cisco writes them; 14 pairs are a frame's header in iptables' log."""

_NAMES_MAC = (
    r"(?:s|d|src|dst|dev|client)?mac|(?:mac|hw|hardware|physical|link|ethernet|station)[ _-]?addr(?:ess)?|"
    r"ether(?:net)?|lladdr|bssid|call(?:ed|ing)-station-id"
)
_SET = r"(?:\\{0,7}[\"'])?(?: ?[:=] ?| )(?:\\{0,7}[\"'\[(])?"
MAC_KEYED = rf"((?:^|[^A-Za-z])(?i:{_NAMES_MAC}){_SET})[0-9A-Fa-f]{{6}}-?[0-9A-Fa-f]{{6}}($|[^0-9A-Za-z-])"
"""MAC addresses without a sign between the bytes, behind a word that tells what they are."""
_KEYED = r"(?i:mac|addr|address|ether|ethernet|bssid|station-id)[^0-9A-Za-z]{1,19}[0-9A-Fa-f]{12}"
_HALF = "[0-9A-Fa-f]{6}"
_HALVES = f"{_HALF}-{_HALF}"
"""These find every text that may hold one of the two."""
_MIXED = "|".join(
    f"{one}{{{count}}}{other}[0-9A-Fa-f]{{{5 - count}}}"
    for one, other in (("[0-9]", "[A-Fa-f]"), ("[A-Fa-f]", "[0-9]"))
    for count in range(1, 6)
)
MAC_HALVES = rf"(^|[^0-9A-Za-z_.:{_DOT}-])(?:(?:{_MIXED})-{_HALF}|{_HALF}-(?:{_MIXED}))($|[^0-9A-Za-z_:{_DOT}-])"
"""MAC addresses in two halves, as switches of HP write them; one half has digits and letters, which dates have not."""

PRODUCTS = (
    "chrome|chromium|crios|firefox|fxios|iceweasel|safari|applewebkit|opera|opr|presto|edge|edg|msie|trident|seamonkey|"
    "konqueror|thunderbird|ubuntu|flash|java|python|curl|wget|nginx|apache|php|openssl|openssh|mod_ssl|iis|clr|"
    "electron|vivaldi|yabrowser|samsungbrowser|ucbrowser|okhttp|dalvik|go-http-client|kubectl|libressl|cfnetwork|"
    "vmware-client"
)
LIBRARIES = "openssl|openssh|libressl|gnutls|glibc|log4j"
"""Names that a version may follow behind a blank: no host is called so."""
_VERSION = (
    rf"(?i:(?:^|[^0-9A-Za-z_])(?:(?:{PRODUCTS})/|(?:{LIBRARIES}) v?|(?:release|ver|v)[ =:]{{1,2}})|"
    r"version[\"']?[ =:]{1,2}[\"']?v?|(?:^|[^0-9A-Za-z])(?:firmware|driver|bios|revision|build) v?)"
    r"[0-9]+(?:\.[0-9]+){3}"
)
_NOWHERE = r"(?:^|[^0-9.])0\.0\.0\.0"
_PACKAGE = r"[0-9]+(?:\.[0-9]+){3}[0-9A-Za-z~+_.-]*\.(?:rpm|deb|whl|jar|gem|nupkg|msi|apk)"
NO_ADDRESS = rf"{_VERSION}|{_NOWHERE}|(?:^|[^0-9.])255(?:\.[0-9]+){{3}}|{_PACKAGE}|(?:[0-9]+\.){{5,}}[0-9]+"
"""Dotted numbers that are nobody's address: versions after a product or the word or in a package's name, the
unspecified address and what begins with 255 (masks), and runs of six and more (OIDs)."""

_UNIT = r"@[0-9A-Za-z._:\\-]*\.(?:service|scope|slice|socket|timer|mount|target|device|swap)(?:$|[^0-9A-Za-z.-])"
NO_EMAIL = rf"krbtgt/[^\s@]+@[0-9A-Za-z.-]+|[0-9A-Za-z._:\\-]*{_UNIT}"
"""Names with an `@` that are nobody's mailbox: Kerberos' ticket-granting service, instances of systemd's units."""

_JOINTS = (
    rf"{HIDDEN}|(?:[0-9A-Fa-f]{{1,4}}:){{5}}|::|(?:{_X}-){{5}}|(?:[0-9]{{1,3}}-){{3}}[0-9]|"
    rf"[0-9A-Fa-f]{{4}}\.[0-9A-Fa-f]{{4}}\.[0-9A-Fa-f]{{4}}|{_HALVES}|{_KEYED}|{_LITERAL}|{cards.PROBE}"
)
PROBE = rf"@|{_DOTTED}|{_JOINTS}"
"""Finds every text that a shape could change."""
UNUSUAL = (
    rf"{_JOINTS}|krbtgt/|{_UNIT}|(?:{_LEAD4})[0-9]{{1,3}}\.[0-9]{{1,3}}\.[0-9]|[0-9]\.[0-9]{{1,3}}_|"
    rf"(?:[0-9]+\.){{4}}|(?:^|[^0-9])\.255\.|{_VERSION}|{_NOWHERE}|{_PACKAGE}"
)
"""Finds every text in which more stands than plain e-mail and IPv4 addresses, or what looks like them and is none."""

_GLANCE = 256
"""Texts."""

_EMAIL, _IP, _MAC = (sentinels.of(shape) for shape in ("email", "ip", "mac"))
REWRITES = (
    (MAC, f"${{1}}{_MAC}${{2}}"),
    (MAC_KEYED, f"${{1}}{_MAC}${{2}}"),
    (MAC_HALVES, f"${{1}}{_MAC}${{2}}"),
    (IPV6_LITERAL, f"${{1}}{_IP}${{2}}"),
    (IPV6, f"${{1}}{_IP}${{2}}${{3}}"),
    (IPV6_SHORT, f"${{1}}{_IP}${{2}}"),
    (IPV4_JOINED, f"${{1}}{_IP}${{2}}"),
)
"""What to find in such a text and what it becomes, in this order."""


def redact(texts: pa.Array) -> pa.Array:
    """Replace every shape by the sentinel of its placeholder (large strings without nulls)."""
    series = pl.Series(texts)
    if _in_most(series):
        return _redacted(series)
    rows = series.str.contains(PROBE).arg_true()
    return splice.put(texts, rows.to_numpy().astype(np.int64), _redacted(series.gather(rows)))


def _in_most(series: pl.Series) -> bool:
    """Say whether a shape may stand in half of the first texts: then looking for it first costs more than it saves."""
    first = series.head(_GLANCE)
    return 2 * (first.str.contains(PROBE).sum() or 0) >= max(len(first), 1)


def _redacted(series: pl.Series) -> pa.Array:
    unusual = series.str.contains(UNUSUAL)
    closely = thoroughly(series.filter(unusual)) if unusual.any() else None
    done = _plainly(series)
    done = done if closely is None else done.scatter(unusual.arg_true(), closely)
    return done.to_arrow().cast(pa.large_string())


def _plainly(series: pl.Series) -> pl.Series:
    mail = series.str.contains("@", literal=True)
    return _where(series, mail, lambda one: one.str.replace_all(EMAIL, _EMAIL)).str.replace_all(IPV4, _IP)


def thoroughly(series: pl.Series) -> pl.Series:
    """Do what `redact` does, in any text, with all patterns."""
    series, guarded = _guarded(series, NO_EMAIL)
    encoded = series.str.contains(HIDDEN)
    series = _where(series, encoded, lambda part: part.str.replace_all(EMAIL_ENCODED, f"${{1}}{_EMAIL}"))
    series = _unguarded(series.str.replace_all(EMAIL, _EMAIL), guarded=guarded)
    series, guarded = _guarded(series, NO_ADDRESS)
    series = pl.Series(cards.redact(series.to_arrow().cast(pa.large_string())))
    for pattern, rewrite in REWRITES:
        series = _repeat(series, pattern, rewrite)
    return _unguarded(series, guarded=guarded)


def _where(series: pl.Series, mask: pl.Series, rewrite: Callable[[pl.Series], pl.Series]) -> pl.Series:
    if not mask.any():
        return series
    return rewrite(series) if mask.all() else series.scatter(mask.arg_true(), rewrite(series.filter(mask)))


def _repeat(series: pl.Series, pattern: str, rewrite: str) -> pl.Series:
    left = series.str.contains(pattern)
    while left.any():
        series = _where(series, left, lambda part: part.str.replace_all(pattern, rewrite))
        left = series.str.contains(pattern)
    return series


def _guarded(series: pl.Series, pattern: str) -> tuple[pl.Series, bool]:
    """Take the dots out of what is no address; say whether there was any."""
    rows = series.str.contains(pattern).arg_true()
    if not len(rows):
        return series, False
    part = series.gather(rows).to_arrow().cast(pa.large_string())
    spans = splice.find(part, pattern)
    undotted = pc.replace_substring(splice.pieces(part, spans), ".", _DOT)
    return series.scatter(rows, pl.Series(splice.replace(part, spans, undotted))), True


def _unguarded(series: pl.Series, *, guarded: bool) -> pl.Series:
    return series.str.replace_all(_DOT, ".", literal=True) if guarded else series
