"""A signed in-toto statement in a DSSE envelope inside a Sigstore bundle v0.3 in its public-key form.

DSSE v1 (secure-systems-lab/dsse), in-toto attestation framework v1, Sigstore bundle `v0.3`. The hint is the SHA-256
of the public key in PEM. A bundle holds one signature by one key, so that signers never edit each other's files.
"""

from __future__ import annotations

import binascii
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined]  # its own __init__ imports them

from custody.errors import RefusedError
from custody.trust.signers import key_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from custody.trust.signers import PublicKey

MEDIA_TYPE: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
LIMIT: Final = 16 * 2**20
"""Bytes of a bundle; a larger one is none of ours."""


@dataclass(frozen=True)
class Opened:
    """A bundle that was read, and not verified."""

    payload: bytes = field(repr=False)
    hint: str
    envelope: Envelope = field(repr=False)

    def is_by(self, key: PublicKey) -> bool:
        """Say whether the signature is this key's over exactly this payload."""
        named = key_id(key)
        if named != self.hint or list(self.envelope.signatures) != [named]:
            return False
        try:
            self.envelope.verify([SSlibKey.from_crypto(key, keyid=named)], 1)
        except (VerificationError, ValueError):
            return False
        return True


def sign(payload: bytes, key: EllipticCurvePrivateKey | Ed25519PrivateKey) -> dict[str, Any]:
    """Return the bundle of a payload under a private key."""
    named = key_id(key.public_key())
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.sign(CryptoSigner(key, SSlibKey.from_crypto(key.public_key(), keyid=named)))
    return {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": {"publicKey": {"hint": named}, "tlogEntries": []},
        "dsseEnvelope": envelope.to_dict(),
    }


def read(text: bytes, name: str) -> Opened:
    """Take a bundle apart; `RefusedError` for anything that is not one signature over one in-toto statement."""
    corrupt = RefusedError(f"{name}: is not a signature bundle that Custody writes; get it again")
    if len(text) > LIMIT:
        raise corrupt
    try:
        value = strict_json(text)
        hint = value["verificationMaterial"]["publicKey"]["hint"]
        inner = value["dsseEnvelope"]
        (signature,) = inner["signatures"]
        if not isinstance(signature.get("keyid"), str) or not signature["keyid"]:
            inner = {**inner, "signatures": [{**signature, "keyid": hint}]}
        envelope = Envelope.from_dict(json.loads(json.dumps(inner)))
        sound = value["mediaType"] == MEDIA_TYPE and envelope.payload_type == PAYLOAD_TYPE and isinstance(hint, str)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError):
        raise corrupt from None
    if not sound:
        raise corrupt
    return Opened(envelope.payload, hint, envelope)


def strict_json(text: bytes) -> Any:
    """Read JSON in UTF-8; `ValueError` for another encoding, duplicate keys and what is no number."""
    return json.loads(text.decode(), object_pairs_hook=_closed, parse_constant=_no_constant)


def _closed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)


def _no_constant(_: str) -> float:
    raise ValueError("not a number")
