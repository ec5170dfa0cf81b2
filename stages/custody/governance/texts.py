"""Secrets as text, one line each: 64 hex digits, or, of a signing key, PKCS #8 (RFC 5958) in base64."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.governance import demo, entropy
from custody.records.zone import SIZE, Zone

if TYPE_CHECKING:
    from custody.governance.compartments import Compartment, Wanted

LONGEST: Final = 4096
"""Characters of a secret as text."""


def decoded(text: str, wanted: Wanted, place: str) -> bytes:
    """Return the secret that a text holds; `CustodyError`, which does not quote it, where it holds none."""
    try:
        secret = base64.b64decode(text, validate=True) if wanted.compartment == "release" else bytes.fromhex(text)
    except ValueError:
        secret = b""
    if not secret or len(text) > LONGEST:
        raise CustodyError(f"{place}: holds no secret as Custody writes it; hand over the one of {wanted.told}")
    if wanted.compartment != "release" and (entropy.is_weak(secret) or secret == demo.ZONE.secret):
        raise CustodyError(f"{place}: the secret of {wanted.told} is no random {SIZE}-byte key; make one anew")
    return secret


def encoded(secret: bytes, compartment: Compartment) -> str:
    """Return a secret as text."""
    return base64.b64encode(secret).decode() if compartment == "release" else secret.hex()


def fits(secret: bytes, wanted: Wanted) -> bool:
    """Say whether a secret is the one that is asked for, by its fingerprint."""
    return wanted.check is None or Zone(wanted.zone, secret).check == wanted.check
