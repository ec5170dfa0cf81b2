"""mac: a keyed pseudonym. Whoever lacks the zone's key can neither compute nor check a guess.

Token = base32(HMAC-SHA-256(key of the domain, canonical value)[:15]): 120 bits, 24 characters a-z2-7 (RFC 2104, RFC
4648). One value has one token in every column, source and partition of the same domain and epoch, and unrelated ones
in others.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.privacy.techniques import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.policy.schema import FieldType
    from custody.policy.techniques import Mac
    from custody.records.zone import Zone

BLOCK = 64
"""Bytes of a block of SHA-256, which is as long as a key is made."""
SIZE = 15
"""Bytes of the HMAC that are kept: two of a billion values share a token with a chance below 10^-18."""


def apply(values: pa.Array, column: Mac, kind: FieldType, zone: Zone) -> pa.Array:
    """Return the pseudonym of each value (strings; null stays null)."""
    key = zone.pseudonym("pseudonym", column.domain)

    def make(texts: pa.Array) -> pa.Array:
        macs = b"".join(_macs(key, texts.cast(pa.binary()).to_pylist()))
        return tokens.spell(np.frombuffer(macs, dtype=np.uint8).reshape(len(texts), -1)[:, :SIZE])

    return tokens.write(values, kind, key, make)


def _macs(key: bytes, texts: list[bytes]) -> Iterator[bytes]:
    """Yield HMAC-SHA-256 (RFC 2104) under a key of at most `BLOCK` bytes, whose two blocks are hashed only once."""
    padded = key.ljust(BLOCK, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ mask for byte in padded)) for mask in (0x36, 0x5C))
    for text in texts:
        first, second = inner.copy(), outer.copy()
        first.update(text)
        second.update(first.digest())
        yield second.digest()
