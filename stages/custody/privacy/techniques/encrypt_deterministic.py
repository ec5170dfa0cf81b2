"""encrypt_deterministic: a pseudonym that the key holder can take back (AES-SIV, RFC 5297, 512-bit key).

Token = base32(AES-SIV(key of the domain, canonical value)), with the domain as associated data. Equal values have
equal tokens, and a token's length tells the value's. `reveal` gives back the canonical value, so an account's name in
lower case.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from custody.errors import CustodyError
from custody.privacy.techniques import tokens

if TYPE_CHECKING:
    import pyarrow as pa

    from custody.policy.schema import FieldType
    from custody.policy.techniques import EncryptDeterministic
    from custody.records.zone import Zone

SIZE = 64
"""Bytes of the key: two AES-256 keys."""


def apply(values: pa.Array, column: EncryptDeterministic, kind: FieldType, zone: Zone) -> pa.Array:
    """Return the reversible pseudonym of each value (strings; null stays null)."""
    key, extra = _key(column.domain, zone), [column.domain.encode()]
    cipher = AESSIV(key)

    def make(texts: list[str]) -> list[str]:
        return [_spell(cipher.encrypt(text.encode(), extra)) for text in texts]

    return tokens.write(values, kind, key, make)


def reveal(token: str, domain: str, zone: Zone) -> str:
    """Return the canonical value behind a token; `CustodyError` when it was not made in this zone and domain."""
    try:
        sealed = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        return AESSIV(_key(domain, zone)).decrypt(sealed, [domain.encode()]).decode()
    except (binascii.Error, InvalidTag, ValueError):
        raise CustodyError(
            f"privacy: this is no token of zone {zone.name} and domain {domain}; check both, and that it is whole"
        ) from None


def _key(domain: str, zone: Zone) -> bytes:
    return zone.derive(f"reversible/{domain}", SIZE)


def _spell(sealed: bytes) -> str:
    return base64.b32encode(sealed).decode().rstrip("=").lower()
