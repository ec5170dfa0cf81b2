"""A signer's private key: a PEM file that only its owner can read (PKCS #8, RFC 5958), ECDSA P-256 or Ed25519."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Literal, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)

from custody.errors import CustodyError
from custody.governance import private

if TYPE_CHECKING:
    from pathlib import Path

PrivateKey: TypeAlias = "ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey"


def create(path: Path, kind: Literal["ecdsa", "ed25519"]) -> PrivateKey:
    """Make a key and write it to `path`, which must not exist."""
    key = generate(kind)
    private.create(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), "KEY")
    return key


def read(path: Path) -> PrivateKey:
    """Return the key in a file; `CustodyError` for one that others can read, or of another kind."""
    text = private.read(path, "KEY", "make one with: custody release key FILE")
    try:
        return _believed(load_pem_private_key(text, None))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CustodyError(
            "KEY: is no private key in PEM without a password; make one with: custody release key FILE"
        ) from None


def generate(kind: Literal["ecdsa", "ed25519"]) -> PrivateKey:
    """Return a new key."""
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa" else ed25519.Ed25519PrivateKey.generate()


def kind(key: PrivateKey) -> Literal["ecdsa", "ed25519"]:
    """Return of which kind a key is, as `generate` names it."""
    return "ed25519" if isinstance(key, ed25519.Ed25519PrivateKey) else "ecdsa"


def of_der(text: bytes) -> PrivateKey:
    """Return the key that stands in the compartment `release` of a zone: PKCS #8 in DER."""
    try:
        return _believed(load_der_private_key(text, None))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CustodyError("KEY: the zone's secret of compartment release is no private key; grant it anew") from None


def der(key: PrivateKey) -> bytes:
    """Return a key as PKCS #8 in DER."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def public(key: PrivateKey) -> str:
    """Return the public key as `.custody/trust.yaml` holds it: SubjectPublicKeyInfo in base64."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def _believed(key: object) -> PrivateKey:
    p256 = isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)
    if not (p256 or isinstance(key, ed25519.Ed25519PrivateKey)):
        raise CustodyError("KEY: is of a kind that is not believed; use ECDSA P-256 or Ed25519")
    return key  # type: ignore[return-value]  # as checked above
