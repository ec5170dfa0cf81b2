"""Give a secret to a recipient, take it away, make a new one for those who are left.

Nobody is ever given what their role may not open, nor an epoch of a secret that the giver cannot open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from custody.errors import CustodyError, plain
from custody.governance import wrapped, wrapping
from custody.governance.compartments import Wanted
from custody.governance.wrapped import Entry, Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from custody.governance.compartments import Compartment
    from custody.governance.roles import Holders


@dataclass(frozen=True)
class Held:
    """A secret that is at hand."""

    compartment: Compartment
    check: str
    secret: bytes = field(repr=False)


def grant(zone: str, name: str, holders: Holders, secrets: Sequence[Held]) -> Member:
    """Return the file of a recipient with these secrets too; `RefusedError` where the role may not open one."""
    holders.refuse_beyond(name, [one.compartment for one in secrets])
    member = _of(zone, name, holders)
    for one in secrets:
        wanted = Wanted(zone, one.compartment, one.check)
        member = _with(member, one, wrapped.epoch(wanted))
    return member


def revoke(zone: str, name: str, compartments: Iterable[Compartment]) -> tuple[list[Compartment], Member | None]:
    """Return the compartments that are taken away from a recipient, and what is left of the file; None for nothing."""
    member = wrapped.members(zone).get(name)
    if member is None:
        raise CustodyError(f"{plain(name)}: has no secret of zone {zone} here; see: custody keys show")
    taken = [one for one in compartments if member.secrets.get(one)]
    if not taken:
        raise CustodyError(f"{name}: has nothing of what is to be taken away; see: custody keys show")
    left = {one: epochs for one, epochs in member.secrets.items() if one not in taken}
    return taken, member.model_copy(update={"secrets": left}) if any(left.values()) else None


def renew(
    zone: str, secrets: Sequence[Held], holders: Holders, present: Mapping[str, Member]
) -> tuple[dict[str, Member], dict[Compartment, int]]:
    """Return the files of all who hold these compartments, and still may, with a new secret of each; and its epoch.

    `CustodyError` where nobody would be left to open one.
    """
    after, epochs = dict(present), {}
    for one in secrets:
        epochs[one.compartment] = epoch = wrapped.epoch(Wanted(zone, one.compartment)) + 1
        keep = [
            name
            for name, member in present.items()
            if member.secrets.get(one.compartment) and one.compartment in holders.may(name)
        ]
        if not keep:
            raise CustodyError(
                f"{one.compartment}: nobody would be left who can open the new secret; grant it to somebody first"
            )
        for name in keep:
            _same_key(name, after[name], holders)
            after[name] = _with(after[name], one, epoch)
    return {name: member for name, member in after.items() if member != present[name]}, epochs


def _of(zone: str, name: str, holders: Holders) -> Member:
    member = wrapped.members(zone).get(name) or Member(zone=zone, recipient=holders.key(name), secrets={})
    _same_key(name, member, holders)
    return member


def _same_key(name: str, member: Member, holders: Holders) -> None:
    if member.recipient != holders.key(name):
        raise CustodyError(f"{name}: holds secrets under another key; first take them away: custody keys revoke {name}")


def _with(member: Member, one: Held, epoch: int) -> Member:
    text = wrapping.wrap(one.secret, Wanted(member.zone, one.compartment), epoch, member.recipient)
    epochs = {**member.secrets.get(one.compartment, {}), str(epoch): Entry(check=one.check, wrapped=text)}
    return member.model_copy(update={"secrets": {**member.secrets, one.compartment: epochs}})
