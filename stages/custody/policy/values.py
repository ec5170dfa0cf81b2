"""How the policy writes a value of each type of column."""

from __future__ import annotations

import ipaddress
import math
import re
import unicodedata
from typing import TYPE_CHECKING

from custody.policy.quality import instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from custody.policy.schema import FieldType

_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
NUMERIC = frozenset({"number", "integer"})
TIME = frozenset({"timestamp"})


def reads(text: str, kind: FieldType) -> bool:
    """True where a text is a value of this type, written as collect standardizes it."""
    try:
        return _READS.get(kind, _reads_text)(text)
    except (ValueError, OverflowError):
        return False


def _reads_text(text: str) -> bool:
    return unicodedata.normalize("NFC", text).strip() == text


def _reads_lowered(text: str) -> bool:
    return _reads_text(text) and text.lower() == text


def _reads_email(text: str) -> bool:
    """One @ with text on both sides, no blank; the domain in Unicode, where collect decodes each label that can be."""
    blank = any(unicodedata.category(sign)[0] in "ZC" and unicodedata.category(sign) != "Cn" for sign in text)
    if blank or not _EMAIL.fullmatch(text) or not _reads_lowered(text):
        return False
    return all(not label.startswith("xn--") or _stays(label) for label in text.rpartition("@")[2].split("."))


def _stays(label: str) -> bool:
    """True where collect leaves a Punycode label as it is, since no encoder writes it."""
    if not label.isascii():
        return True
    try:
        plain = label[4:].encode().decode("punycode")
    except UnicodeError:
        return True
    return plain.isascii() or unicodedata.normalize("NFC", plain.lower()) != plain


_READS: dict[FieldType, Callable[[str], bool]] = {
    "timestamp": lambda text: instant(text) is not None,
    "number": lambda text: math.isfinite(float(text)),
    "integer": lambda text: -(2**63) <= int(text) < 2**63,
    "boolean": lambda text: text in {"true", "false"},
    "ip": lambda text: str(ipaddress.ip_address(text)) == text,
    "email": _reads_email,
    "host": _reads_lowered,
    "mac": lambda text: _MAC.fullmatch(text) is not None,
}
