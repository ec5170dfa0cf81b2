"""A signed in-toto statement in a DSSE envelope inside a Sigstore bundle v0.3 in its public-key form.

DSSE v1 (secure-systems-lab/dsse), in-toto attestation framework v1, Sigstore bundle `v0.3`. The hint is the SHA-256
of the public key in PEM. A bundle holds one signature by one key, so that signers never edit each other's files.
Envelopes are made by securesystemslib, whose start takes longer than the verifying of fifty, which is done here.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from custody.errors import RefusedError
from custody.records.strict import strict_json
from custody.trust.signers import key_id
from custody.trust.stored import LIMIT

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from custody.trust.signers import PublicKey

MEDIA_TYPE: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"


@dataclass(frozen=True)
class Opened:
    """A bundle that was read, and not verified."""

    payload: bytes = field(repr=False)
    hint: str
    named: str
    """The key that the envelope names beside its signature."""
    signature: bytes = field(repr=False)

    def is_by(self, key: PublicKey) -> bool:
        """Say whether the signature is this key's over exactly this payload."""
        if not key_id(key) == self.hint == self.named:
            return False
        try:
            if isinstance(key, EllipticCurvePublicKey):
                key.verify(self.signature, _signed(self.payload), ECDSA(SHA256()))
            else:
                key.verify(self.signature, _signed(self.payload))
        except InvalidSignature:
            return False
        return True


def sign(payload: bytes, key: EllipticCurvePrivateKey | Ed25519PrivateKey) -> dict[str, Any]:
    """Return the bundle of a payload under a private key."""
    from securesystemslib.dsse import Envelope  # noqa: PLC0415  # late: it starts every kind of signer there is
    from securesystemslib.signer import (  # type: ignore[attr-defined]  # noqa: PLC0415  # its own __init__ has them
        CryptoSigner,
        SSlibKey,
    )

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
        keyid = signature.get("keyid")
        named = keyid if isinstance(keyid, str) and keyid else hint
        opened = Opened(_base64(inner["payload"]), hint, named, _base64(signature["sig"]))
        sound = value["mediaType"] == MEDIA_TYPE and inner["payloadType"] == PAYLOAD_TYPE and isinstance(hint, str)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError):
        raise corrupt from None
    if not sound:
        raise corrupt
    return opened


def _signed(payload: bytes) -> bytes:
    """Return what a signature is over: DSSE's pre-authentication encoding of payload and type (DSSE v1, protocol)."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _base64(text: str) -> bytes:
    """Take either alphabet, as DSSE asks of whoever reads; `ValueError` for a character that is in neither."""
    data = text.encode()
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error:
        return base64.b64decode(data, altchars=b"-_", validate=True)
