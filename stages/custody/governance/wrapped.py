"""Wrapped secrets as they are committed: `.custody/keys/<zone>/<name>.json`, one file per recipient.

A grant adds or changes one file and nobody else's, so that branches merge. Each compartment holds its epochs, counted
from 1 in the order in which its secrets were made, each with fingerprint and wrapped secret; earlier ones stay, for
earlier versions. The files hold nothing that only some may see, and stand outside the policy and its digest.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import StringConstraints, ValidationError

from custody.errors import CustodyError
from custody.governance import identity, wrapping
from custody.governance.compartments import Compartment, Wanted
from custody.policy.model import Closed, Id
from custody.records.plain import json_text, read_json, write_text

FOLDER: Final = Path(".custody/keys")
VERSION: Final = "custody/keys/v1"
_SUFFIX: Final = ".json"
_EPOCH = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,8}$")]
_CHECK = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class Entry(Closed):
    """One secret, wrapped, with its fingerprint."""

    check: _CHECK
    wrapped: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=2**16)]


class Member(Closed):
    """What is wrapped to one recipient."""

    version: Literal["custody/keys/v1"] = VERSION
    zone: Id
    recipient: str
    """The key that it is wrapped to, in canonical form."""
    secrets: dict[Compartment, dict[_EPOCH, Entry]]

    def epoch(self, wanted: Wanted) -> int | None:
        """Return the epoch of the secret that is asked for, None where it is not wrapped here."""
        epochs = self.secrets.get(wanted.compartment, {})
        return max((int(n) for n, one in epochs.items() if wanted.check in {None, one.check}), default=None)


def members(zone: str) -> dict[str, Member]:
    """Return all recipients of a zone by name, sorted; `CustodyError` where a file is unusable or of another zone."""
    folder = FOLDER / zone
    found = sorted(folder.glob(f"[!.]*{_SUFFIX}")) if folder.is_dir() else []
    return {one.name.removesuffix(_SUFFIX): _read(one, zone) for one in found}


def zones() -> list[str]:
    """Return the zones that are shared here, sorted."""
    return sorted(one.name for one in FOLDER.iterdir() if one.is_dir()) if FOLDER.is_dir() else []


def write(name: str, member: Member) -> None:
    """Write a recipient's file, whole or not at all."""
    write_text(path(member.zone, name), text(member))


def text(member: Member) -> str:
    """Return what `write` writes."""
    return json_text(member.model_dump(mode="json"))


def epoch(wanted: Wanted) -> int:
    """Return the epoch of a secret as anybody's file tells; the one after the newest where nobody's does."""
    shared = members(wanted.zone).values()
    known = [found for one in shared if (found := one.epoch(wanted))]
    newest = (one.epoch(Wanted(wanted.zone, wanted.compartment)) or 0 for one in shared)
    return max(known, default=max(newest, default=0) + 1)


def ask(wanted: Wanted) -> bytes | None:
    """Return the secret that is wrapped to the user; None where the zone is not shared here.

    `CustodyError` where it is, and none of the user's identities opens what is asked for.
    """
    shared = members(wanted.zone)
    if not any(one.secrets.get(wanted.compartment) for one in shared.values()):
        return None
    if not any(one.epoch(wanted) for one in shared.values()):
        raise CustodyError(
            f"{FOLDER.as_posix()}: has other secrets of {wanted.told} than params.yaml names; bring both to one "
            "revision, or ask who changed the fingerprint"
        )
    for who in identity.mine():
        for one in shared.values():
            found = one.epoch(wanted) if one.recipient == who.recipient else None
            if found:
                entry = one.secrets[wanted.compartment][str(found)]
                return wrapping.unwrap(entry.wrapped, wanted, found, who)
    raise CustodyError(
        f"identity: opens nothing of {wanted.told}; ask somebody who holds it for: custody keys grant NAME"
    )


def earlier(wanted: Wanted) -> list[bytes]:
    """Return the other secrets of a compartment that are wrapped to the user, newest first."""
    if not members(wanted.zone) or identity.identity_path() is None:
        return []
    mine = {one.recipient: one for one in identity.mine()}
    found = {
        int(number): wrapping.unwrap(entry.wrapped, wanted, int(number), mine[member.recipient])
        for member in members(wanted.zone).values()
        if member.recipient in mine
        for number, entry in member.secrets.get(wanted.compartment, {}).items()
        if entry.check != wanted.check
    }
    return [found[number] for number in sorted(found, reverse=True)]


def path(zone: str, name: str) -> Path:
    """Return where a recipient's file is."""
    return FOLDER / zone / f"{name}{_SUFFIX}"


def _read(file: Path, zone: str) -> Member:
    try:
        member = Member.model_validate_json(json.dumps(read_json(file)), strict=True)
    except (CustodyError, ValidationError):
        raise CustodyError(
            f"{file.as_posix()}: is not the JSON that custody keys grant writes; restore it: git checkout .custody"
        ) from None
    if member.zone != zone:
        raise CustodyError(f"{file.as_posix()}: holds secrets of another zone; restore it: git checkout .custody")
    return member
