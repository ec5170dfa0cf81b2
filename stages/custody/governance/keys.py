"""Who gets which key: zones and their reversible secrets, as the policy names them, out of the keyring."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.governance import demo, entropy
from custody.governance.keyring import Keyring, keyring_path, read, write
from custody.records.folder import read_json
from custody.records.zone import SIZE, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from custody.policy.keys import Keys
    from custody.policy.privacy import Privacy


def open_zone(keys: Keys, sources: Iterable[str]) -> Zone:
    """Return the zone that the policy names; `sources` are the SHA-256 digests of all the data it is used for.

    The public demo key is given out only while every one of them is a source that the demo ships.
    """
    if keys.zone == demo.ZONE.name or keys.check == demo.ZONE.check:
        if not demo.SOURCES.issuperset(sources):
            raise CustodyError(
                "keys.zone: the demo key is public and protects only the demo's own files; "
                "make a zone with: custody keys init ZONE"
            )
        zone = demo.ZONE
    else:
        secret = read(keyring_path()).zones.get(keys.zone)
        if secret is None:
            raise CustodyError(
                f"keys.zone: the keyring has no zone {keys.zone}; make it (custody keys init {keys.zone}), "
                "ask its owner for it, or point CUSTODY_KEYRING at the keyring that has it"
            )
        zone = Zone(keys.zone, secret)
    if zone.check != keys.check:
        raise CustodyError(
            f"keys.check: the keyring holds another secret for zone {keys.zone}; ask who changed keys.check"
        )
    return zone


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
    secret = read(keyring_path()).reidentify.get(name)
    if secret is None:
        raise CustodyError(
            f"privacy.reidentify: the keyring has no secret for reversible pseudonyms of zone {name}; "
            f"make it (custody keys init {name} --reversible) or ask its holder for it"
        )
    found = Zone(name, secret, privacy.epochs)
    if found.check != privacy.reidentify:
        raise CustodyError(
            f"privacy.reidentify: the keyring holds another secret for reversible pseudonyms of zone {name}; "
            "ask who changed privacy.reidentify"
        )
    return found


def create(name: str) -> Zone:
    """Make a zone secret, add it to the keyring and return the zone; an existing one is never replaced."""
    ring = _ring(name)
    if name in ring.zones:
        raise CustodyError(f"keys: the keyring already has a zone {name}; choose another name")
    zone = Zone(name, _fresh())
    write(keyring_path(), replace(ring, zones={**ring.zones, name: zone.secret}))
    return zone


def create_reversible(name: str) -> Zone:
    """Make the secret for a zone's reversible pseudonyms and add it; an existing one is never replaced."""
    ring = _ring(name)
    if name in ring.reidentify:
        raise CustodyError(
            f"keys: the keyring already has a secret for reversible pseudonyms of zone {name}; "
            f"name it in the policy: privacy.reidentify: '{Zone(name, ring.reidentify[name]).check}'"
        )
    made = Zone(name, _fresh())
    write(keyring_path(), replace(ring, reidentify={**ring.reidentify, name: made.secret}))
    return made


def held(name: str) -> Zone | None:
    """Return a zone of the keyring, None where it has none of this name."""
    secret = _ring(name).zones.get(name)
    return Zone(name, secret) if secret is not None else None


def _ring(name: str) -> Keyring:
    if name == demo.ZONE.name:
        raise CustodyError(f"keys: {name} is the public demo zone; choose another name")
    path = keyring_path()
    return read(path) if path.exists() else Keyring()


def _fresh() -> bytes:
    while entropy.is_weak(secret := secrets.token_bytes(SIZE)):  # hardly ever
        pass
    return secret
