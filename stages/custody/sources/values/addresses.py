"""Addresses in one canonical form each: IPv4 and IPv6, MAC, e-mail.

One person or machine must have one text, or its pseudonyms would tell two. Ambiguous forms are refused, not guessed:
`010.0.0.1` is octal to some systems, and an address with a port, brackets or a zone id is more than an address.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.repeated import distinct
from custody.sources.values.converted import Converted, by_distinct, judged
from custody.sources.values.text import holds, lower

if TYPE_CHECKING:
    from collections.abc import Callable

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = rf"\A(?:{_OCTET}\.){{3}}{_OCTET}\z"
_MAC = r"\A[0-9a-f]{2}(?::[0-9a-f]{2}){5}\z"
_MAC_FORMS = re.compile(
    r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}|[0-9a-f]{12}"
)
_EMAIL = r"\A[^@\s\pZ\pC<>,;]+@[^@\s\pZ\pC<>,;]+\z"
_KEPT = 65_536
"""Distinct addresses whose canonical form is remembered between batches."""


def ip(text: pa.Array) -> Converted:
    """IPv4 as dotted quad, IPv6 as RFC 5952 writes it; an IPv4 address mapped into IPv6 is the IPv4 address."""
    return _settled(text, _as_it_is, _IPV4, _ipv6, "not_an_address")


def mac(text: pa.Array) -> Converted:
    """Six octets (EUI-48) in lower case with colons, from colons, dashes, Cisco's dots or none."""
    return _settled(text, lower, _MAC, _mac, "not_a_mac")


def email(text: pa.Array) -> Converted:
    """Lower-case `local@domain`, domain in Unicode; checked for form alone: one @ with text on both sides, no blank."""
    return _settled(text, _mailbox, _EMAIL, _none, "not_an_email")


def _settled(
    text: pa.Array,
    spelled: Callable[[pa.Array], pa.Array],
    pattern: str,
    form: Callable[[str], str | None],
    code: str,
) -> Converted:
    """Leave texts that, once `spelled`, have the pattern; of the others take the form, and the code if they have none.

    All three look at each row alone, and so at each text once where texts repeat.
    """
    texts, laid_out = distinct(text)
    low = spelled(texts)
    found = pc.match_substring_regex(low, pattern)
    if found.true_count == len(low) - low.null_count:
        return Converted(text if low.equals(texts) else laid_out(low))
    rest = pc.fill_null(pc.invert(found), False)  # noqa: FBT003  # Arrow's own signature
    others = by_distinct(low.filter(rest), form, pa.string())
    values = pc.replace_with_mask(low, rest, others)
    if not others.null_count:
        return Converted(laid_out(values))
    done = judged(pc.is_valid(low), values, code)
    return Converted(laid_out(done.values), None if done.why is None else laid_out(done.why))


def _as_it_is(text: pa.Array) -> pa.Array:
    return text


def _mailbox(text: pa.Array) -> pa.Array:
    low = lower(text)
    return by_distinct(low, _unicode_domain, pa.string()) if holds(low, b"xn--") else low


def _none(_: str) -> None:
    """Return the form of what has none."""


@lru_cache(_KEPT)
def _ipv6(text: str) -> str | None:
    if "%" in text:
        return None
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    return str(address.ipv4_mapped or address)


def _mac(text: str) -> str | None:
    if not _MAC_FORMS.fullmatch(text):
        return None
    digits = re.sub("[^0-9a-f]", "", text)
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def _unicode_domain(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return local + at + ".".join(_unicode_label(label) for label in domain.split("."))


def _unicode_label(label: str) -> str:
    """Decode a Punycode label (RFC 3492), unless it is none that an encoder writes: then it stands as it is."""
    if not label.startswith("xn--") or not label.isascii():
        return label
    try:
        plain = label[4:].encode().decode("punycode")
        plain.encode()  # half of a surrogate pair is no character
    except UnicodeError:
        return label
    settled = unicodedata.normalize("NFC", plain.lower())
    return settled if settled == plain and not plain.isascii() else label
