"""Network addresses out of other spellings of them: numbers, names under `.arpa` and of Windows."""

from __future__ import annotations

import ipaddress

from custody.privacy.canonical import address

SHORTEST, BEHIND = 2**8, 2**16
"""What a number of 16 bits is at least here, and less than: one below 256 is a version far more often."""


def of_numbers(text: str) -> str:
    """Return the address of one number or of four; what is none stays as it is."""
    if "." in text:
        return ".".join(str(int(part, 16 if part.startswith("0x") else 8)) for part in text.split("."))
    value = int(text, 16) if text.startswith("0x") else int(text)
    return str(ipaddress.IPv4Address(value)) if value < 2**32 else text


def of_short(text: str) -> str:
    """Return the address of two octets and a number of 16 bits; of a smaller one none, it stays as it is."""
    one, two, rest = map(int, text.split("."))
    return f"{one}.{two}.{rest // 256}.{rest % 256}" if SHORTEST <= rest < BEHIND else text


def of_literal(text: str) -> str:
    """Return the address that a name under `ipv6-literal.net` stands for."""
    return address(text.partition(".")[0].partition("s")[0].replace("-", ":"))


def of_resolver(text: str) -> str:
    """Return the address that a name under `in-addr.arpa` or `ip6.arpa` stands for."""
    parts = text.split(".")[:-2][::-1]
    if len(parts) == 4:  # noqa: PLR2004  # octets
        return ".".join(parts)
    return address(":".join("".join(parts[i : i + 4]) for i in range(0, 32, 4)))
