"""Who gets which key: zones and their reversible secrets, as the policy names them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.governance import demo, entropy, finding, keyring, wrapped
from custody.governance.compartments import Wanted
from custody.governance.keyring import Keyring
from custody.records.plain import read_json
from custody.records.zone import SIZE, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from custody.governance.compartments import Compartment
    from custody.policy.keys import Keys
    from custody.policy.privacy import Privacy


def open_zone(keys: Keys, sources: Iterable[str]) -> Zone:
    """Return the zone that the policy names; `sources` are the SHA-256 digests of all the data it is used for.

    The public demo key is given out only while every one of them is a source that the demo ships.
    """
    if keys.zone != demo.ZONE.name and keys.check != demo.ZONE.check:
        return Zone(keys.zone, finding.find(Wanted(keys.zone, "pipeline", keys.check)))
    if not demo.SOURCES.issuperset(sources):
        raise CustodyError(
            "keys.zone: the demo key is public and protects only the demo's own files; "
            "make a zone with: custody keys init ZONE"
        )
    if demo.ZONE.check != keys.check:
        raise CustodyError("keys.check: is not the fingerprint of the demo key; restore it, or ask who changed it")
    return demo.ZONE


def zone_of(keys: Keys, receipt: Path) -> Zone:
    """Return the zone that the policy names for the sources that a receipt of collect lists.

    The receipt's MAC cannot be checked before its key is there; whoever opens the folder checks it.
    """
    try:
        sources = read_json(receipt)["sources"].values()
        return open_zone(keys, [file["sha256"] for source in sources for file in source["files"]])
    except (KeyError, TypeError, AttributeError):
        raise CustodyError(f"{receipt.name}: is not the receipt that collect writes; run collect again") from None


def with_reversible(zone: Zone, privacy: Privacy) -> Zone:
    """Return the zone with its reversible secret where a column is encrypted with it, else as it is."""
    return replace(zone, reversible=open_reversible(zone.name, privacy)) if privacy.reversible_domains else zone


def open_reversible(name: str, privacy: Privacy) -> Zone:
    """Return the secret behind a zone's reversible pseudonyms, in the policy's epochs; needs no other secret."""
    if privacy.reidentify is None:
        raise CustodyError("privacy.reidentify: is missing; make the secret: custody keys init ZONE --reversible")
    return Zone(name, finding.find(Wanted(name, "reidentify", privacy.reidentify)), privacy.epochs)


def open_reversibles(name: str, privacy: Privacy) -> list[Zone]:
    """Return the same and, after it, the earlier secrets that are wrapped to the user, newest first."""
    present = open_reversible(name, privacy)
    others = wrapped.earlier(Wanted(name, "reidentify", privacy.reidentify))
    return [present, *(replace(present, secret=secret) for secret in others)]


def create(name: str) -> Zone:
    """Make a zone secret, add it to the keyring and return the zone; an existing one is never replaced."""
    made = following(name, ["pipeline"])
    store(name, made)
    return made["pipeline"]


def create_reversible(name: str) -> Zone:
    """Make the secret for a zone's reversible pseudonyms and add it; an existing one is never replaced."""
    made = following(name, ["reidentify"])
    store(name, made)
    return made["reidentify"]


def following(name: str, compartments: Iterable[Compartment]) -> dict[Compartment, Zone]:
    """Return new secrets of a zone that stand nowhere yet; `CustodyError` where it is the demo's, or has them."""
    _not_demo(name)
    ring = keyring.held()
    made = {}
    for one in compartments:
        _not_held(name, one, ring)
        _not_shared(name, one)
        made[one] = Zone(name, fresh())
    return made


def store(name: str, made: Mapping[Compartment, Zone]) -> None:
    """Add new secrets of a zone to the keyring, all or none; an existing one is never replaced."""

    def add(ring: Keyring) -> Keyring:
        for one in made:
            _not_held(name, one, ring)
        zones = {name: made["pipeline"].secret} if "pipeline" in made else {}
        reidentify = {name: made["reidentify"].secret} if "reidentify" in made else {}
        return Keyring({**ring.zones, **zones}, {**ring.reidentify, **reidentify})

    keyring.change(add)


def held(name: str) -> Zone | None:
    """Return a zone of the keyring, or its newest secret that is wrapped to the user; None where neither has one."""
    _not_demo(name)
    secret = keyring.held().zones.get(name) or wrapped.ask(Wanted(name, "pipeline"))
    return Zone(name, secret) if secret is not None else None


def _not_demo(name: str) -> None:
    if name == demo.ZONE.name:
        raise CustodyError(f"keys: {name} is the public demo zone; choose another name")


def _not_held(name: str, compartment: Compartment, ring: Keyring) -> None:
    if compartment == "pipeline" and name in ring.zones:
        raise CustodyError(f"keys: the keyring already has a zone {name}; choose another name")
    if compartment == "reidentify" and name in ring.reidentify:
        raise CustodyError(
            f"keys: the keyring already has a secret for reversible pseudonyms of zone {name}; "
            f"name it in the policy: privacy.reidentify: '{Zone(name, ring.reidentify[name]).check}'"
        )


def _not_shared(name: str, compartment: Compartment) -> None:
    if any(one.secrets.get(compartment) for one in wrapped.members(name).values()):
        raise CustodyError(
            f"keys: zone {name} is shared already, in .custody/keys, with its secret of compartment {compartment}; "
            f"another one is: custody keys rotate --secret {compartment}"
        )


def fresh() -> bytes:
    """Return a new random secret."""
    while entropy.is_weak(secret := secrets.token_bytes(SIZE)):  # hardly ever
        pass
    return secret
