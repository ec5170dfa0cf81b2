"""One spelling per value: what pseudonyms are computed over, so that one person has one token everywhere.

user, email, host: NFC, trimmed, case-folded, since `Alice`, `alice` and `ALICE` of three sources are one account; ip:
the form that `ipaddress` writes (RFC 5952), an IPv4-mapped address as IPv4; mac: lower case; number: as an integer
where it is one, so that 7, 7.0 and '7' are one value; timestamp: ISO 8601 in UTC; boolean: true or false; all others:
NFC, trimmed.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable

    from custody.policy.schema import FieldType

FOLDED = frozenset({"user", "email", "host", "mac"})
EXACT = 2**53
"""Whole numbers up to this are exact in float64."""

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_PLAIN_V4 = rf"^{_OCTET}(?:\.{_OCTET}){{3}}$"


def canonical(values: pa.Array, kind: FieldType) -> pa.Array:
    """Return the canonical text of each value (strings; null stays null)."""
    if kind == "ip":
        return _addresses(values)
    if kind == "timestamp":
        text = values.cast(pa.timestamp("us")).cast(pa.string())
        return pc.binary_join_element_wise(pc.replace_substring(text, " ", "T"), "Z", "")
    if kind == "number":
        return _each(values, _number)
    if kind in {"integer", "boolean"}:
        return values.cast(pa.string())
    return _texts(values, fold=kind in FOLDED)


def text(values: pa.Array, kind: FieldType) -> pa.Array:
    """Return each value as text spells it: what is held as text as it is, all else in its canonical form."""
    return values if pa.types.is_string(values.type) else canonical(values, kind)


def folded(text: str) -> str:
    """Return the canonical text of a name: NFC, trimmed, case-folded."""
    # Case folding can undo normalization and the other way round: Unicode Standard, chapter 3, D145.
    lower = unicodedata.normalize("NFD", text).casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", lower).casefold()).strip()


@lru_cache(maxsize=2**16)
def address(text: str) -> str:
    """RFC 5952 form of an address, without its zone; what is no address stays as it is, trimmed and in lower case."""
    try:
        parsed = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return text.strip().lower()
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)


def _addresses(values: pa.Array) -> pa.Array:
    plain = pc.match_substring_regex(values, _PLAIN_V4)
    if pc.all(plain, min_count=0).as_py():
        return values
    return pc.if_else(plain, values, _each(pc.if_else(plain, None, values), address))


def _texts(values: pa.Array, *, fold: bool) -> pa.Array:
    if pc.all(pc.string_is_ascii(values), min_count=0).as_py():
        trimmed = pc.utf8_trim_whitespace(values)
        return pc.ascii_lower(trimmed) if fold else trimmed
    return _each(values, folded if fold else _normal)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _number(value: float) -> str:
    return str(int(value)) if abs(value) <= EXACT and value.is_integer() else repr(value)


def _each(values: pa.Array, function: Callable[[Any], str]) -> pa.Array:
    """Apply `function` to each distinct value."""
    encoded = values.dictionary_encode()
    written = [function(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(written, pa.string()).take(encoded.indices)
