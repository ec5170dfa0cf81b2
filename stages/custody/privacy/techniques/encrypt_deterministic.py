"""encrypt_deterministic: a pseudonym that the holder of its secret can take back (AES-SIV, RFC 5297, 512-bit key).

Token = base32(AES-SIV(key of the domain and epoch, canonical value)), with the domain as associated data. Equal values
have equal tokens, and a token's length tells the value's. The key comes from a secret of its own, never from the
zone's. `reveal` gives back the canonical value, so an account's name in lower case.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
from typing import TYPE_CHECKING

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from custody.errors import CustodyError, RefusedError
from custody.privacy.techniques import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.policy.schema import FieldType
    from custody.policy.techniques import EncryptDeterministic
    from custody.records.zone import Zone

SIZE = 64
"""Bytes of the key: two AES-256 keys."""


def apply(values: pa.Array, column: EncryptDeterministic, kind: FieldType, zone: Zone) -> pa.Array:
    """Return the reversible pseudonym of each value (strings; null stays null); needs the zone's reversible secret."""
    if zone.reversible is None:
        raise CustodyError(
            f"privacy.reidentify: the secret for reversible pseudonyms of zone {zone.name} is not at hand; "
            f"make it: custody keys init {zone.name} --reversible"
        )
    key, extra = _key(column.domain, zone.reversible), [column.domain.encode()]
    cipher = AESSIV(key)

    def make(texts: pa.Array) -> pa.Array:
        return pa.array(
            [_spell(cipher.encrypt(text, extra)) for text in texts.cast(pa.binary()).to_pylist()], pa.string()
        )

    return tokens.write(values, kind, key, make)


def reveal(token: str, domain: str, reversible: Zone) -> str:
    """Return the canonical value behind a token.

    `RefusedError` when it was not made with this reversible secret in this domain and its epoch.
    """
    try:
        sealed = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        return AESSIV(_key(domain, reversible)).decrypt(sealed, [domain.encode()]).decode()
    except (binascii.Error, InvalidTag, ValueError):
        raise RefusedError(
            f"TOKEN: was not made with this secret of zone {reversible.name} in domain {domain} and epoch "
            f"{reversible.epoch(domain)}; check that it is whole, and whose it is"
        ) from None


def reveal_any(token: str, domain: str, reversible: Sequence[Zone]) -> str:
    """Return the same by whichever of the secrets made the token; `RefusedError` as of the first where none did."""
    for one in reversible[1:]:
        with contextlib.suppress(RefusedError):
            return reveal(token, domain, one)
    return reveal(token, domain, reversible[0])


def _key(domain: str, reversible: Zone) -> bytes:
    return reversible.pseudonym("reversible", domain, SIZE)


def _spell(sealed: bytes) -> str:
    return base64.b32encode(sealed).decode().rstrip("=").lower()
