"""mac: a keyed pseudonym. Whoever lacks the zone's key can neither compute nor check a guess.

Token = base32(HMAC-SHA-256(key of the domain, canonical value)[:15]): 120 bits, 24 characters a-z2-7 (RFC 2104, RFC
4648). One value has one token in every column, source and partition of the same domain, and unrelated ones in other
domains.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.techniques import tokens

if TYPE_CHECKING:
    import pyarrow as pa

    from custody.policy.privacy import Mac
    from custody.policy.schema import FieldType
    from custody.records.zone import Zone

SIZE = 15
"""Bytes of the HMAC that are kept: two of a billion values share a token with a chance below 10^-18."""


def apply(values: pa.Array, column: Mac, kind: FieldType, zone: Zone) -> pa.Array:
    """Return the pseudonym of each value (strings; null stays null)."""
    key = zone.derive(f"pseudonym/{column.domain}")

    def make(texts: list[str]) -> list[str]:
        macs = b"".join([hmac.digest(key, text.encode(), "sha256")[:SIZE] for text in texts])
        return tokens.spell(np.frombuffer(macs, dtype=np.uint8).reshape(-1, SIZE))

    return tokens.write(values, kind, key, make)
