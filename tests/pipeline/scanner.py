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
EMAIL = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


def addresses(data: bytes) -> set[bytes]:
    """IPv4 addresses in a text; what no address can be (300.1.2.3) and versions (Chrome/3.0.195.17) are left out."""
    return {found for found in IPV4.findall(data) if _valid(found)}


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


def _valid(text: bytes) -> bool:
    try:
        ipaddress.IPv4Address(text.decode())
    except ValueError:
        return False
    return True
