"""Canonical addresses as bytes and back."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

import numpy as np

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

V4, V6 = 4, 16
"""Bytes of an address."""


def rewrite(texts: list[str], spell: Callable[[NDArray[np.uint8]], list[str]]) -> list[str]:
    """Return what `spell` makes of addresses: called once for all IPv4, shape (n, 4), once for all IPv6, (n, 16)."""
    written = np.empty(len(texts), dtype=object)
    long = np.array([":" in text for text in texts], dtype=bool)
    for chosen, family, size in ((~long, socket.AF_INET, V4), (long, socket.AF_INET6, V6)):
        if chosen.any():
            packed = _pack([texts[i] for i in np.flatnonzero(chosen)], family)
            written[chosen] = spell(packed.reshape(-1, size))
    return [str(text) for text in written]


def spell(packed: NDArray[np.uint8]) -> list[str]:
    """Text of addresses, shape (n, 4) or (n, 16); IPv6 as RFC 5952 has it."""
    size = packed.shape[1]
    whole = packed.tobytes()
    parts = [whole[i : i + size] for i in range(0, len(whole), size)]
    # The C library's inet_ntop differs between systems for IPv6 and would make outputs differ.
    return [socket.inet_ntoa(part) if size == V4 else str(ipaddress.IPv6Address(part)) for part in parts]


def _pack(texts: list[str], family: int) -> NDArray[np.uint8]:
    try:
        return np.frombuffer(b"".join([socket.inet_pton(family, text) for text in texts]), dtype=np.uint8)
    except (OSError, ValueError):
        raise CustodyError("privacy: a column of type ip holds what is no address; run collect again") from None
