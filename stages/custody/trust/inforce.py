"""The secrets of the policy's zone that are in force, from whichever source has them, and the ones to follow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.governance import demo, finding, keys
from custody.governance.compartments import Wanted
from custody.governance.sharing import Held
from custody.records.zone import Zone
from custody.trust import keyfile
from custody.trust.signers import key_id

if TYPE_CHECKING:
    from pathlib import Path

    from custody.governance.compartments import Compartment
    from custody.policy import Policy
    from custody.trust.keyfile import PrivateKey


def present(policy: Policy, compartment: Compartment, signing_key: Path | None = None) -> Held:
    """Return the secret of a compartment; `CustodyError` where it is not at hand.

    The one of `release` is what the file `signing_key` holds, else the newest that is shared.
    """
    zone = policy.keys.zone
    if zone == demo.ZONE.name:
        raise CustodyError(
            "keys.zone: the demo key is public, so there is nothing to share; make a zone: custody keys init ZONE"
        )
    if compartment == "release":
        return _signing(signer(zone, signing_key))
    check = policy.keys.check if compartment == "pipeline" else policy.privacy.reidentify
    if check is None:
        raise CustodyError("privacy.reidentify: is missing; make the secret: custody keys init ZONE --reversible")
    return Held(compartment, check, finding.find(Wanted(zone, compartment, check)))


def following(zone: str, held: Held) -> Held:
    """Return a new secret for the compartment of an earlier one; of a signing key, one of its kind."""
    if held.compartment == "release":
        return _signing(keyfile.generate(keyfile.kind(keyfile.of_der(held.secret))))
    secret = keys.fresh()
    return Held(held.compartment, Zone(zone, secret).check, secret)


def signer(zone: str, file: Path | None) -> PrivateKey:
    """Return the signing key of a file, else the zone's own."""
    return keyfile.read(file) if file is not None else keyfile.of_der(finding.find(Wanted(zone, "release")))


def _signing(key: PrivateKey) -> Held:
    return Held("release", key_id(key.public_key())[:16], keyfile.der(key))
