"""An independent look for people: what identifiers a raw text holds, and whether any of them stands elsewhere.

Shares nothing with the product on purpose: plain regular expressions over plain bytes.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

IPV4 = re.compile(rb"(?<![\w.])(?<![A-Za-z]/)(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\w)")
IPV6 = re.compile(rb"(?<![\w:.])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?![\w:])")
EMAIL = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


def addresses(data: bytes) -> set[bytes]:
    """Addresses in a text, as they stand there; an IPv6 address also in its shortest and in its longest form.

    What no address can be (300.1.2.3), versions (Chrome/3.0.195.17), and `::` and 0.0.0.0, which are nobody's, are left
    out.
    """
    return {found for found in IPV4.findall(data) if _valid(found)} | _addresses6(data)


def emails(data: bytes) -> set[bytes]:
    """E-mail addresses in a text, lower-case."""
    return {found.lower() for found in EMAIL.findall(data)}


def standing(wanted: Iterable[bytes], data: bytes) -> set[bytes]:
    """Those of `wanted` that stand in `data` as whole words, in any case."""
    words = sorted({word.lower() for word in wanted if word}, key=len, reverse=True)
    lowered = data.lower()
    return {
        word
        for word in words
        if word in lowered and re.search(rb"(?<![a-z0-9_])" + re.escape(word) + rb"(?![a-z0-9_])", lowered)
    }


def unexcused(cells: Iterable[tuple[str | None, str | None]]) -> bytes:
    """Return the text of a column of pseudonymous addresses that has to be free of people, one cell per line.

    `cells` are (released, raw) of one record each. A whole cell that is an address, and another one than the record's
    own, is what the technique wrote: that somebody else has it is a coincidence. Everything else stays to be looked at.
    """
    kept = [here for here, raw in cells if here is not None and (here == raw or not _is_address(here))]
    return "\n".join(kept).encode()


def _addresses6(data: bytes) -> set[bytes]:
    found = set()
    for token in set(IPV6.findall(data)):
        text = token.rstrip(b".")
        try:
            address = ipaddress.IPv6Address(text.decode())
        except ValueError:
            continue
        if int(address):
            found |= {text, address.compressed.encode(), address.exploded.encode()}
    return found


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _valid(text: bytes) -> bool:
    try:
        return bool(int(ipaddress.IPv4Address(text.decode())))
    except ValueError:
        return False
