"""`custody keys identity | show | grant | revoke`: a zone's secrets, shared through git as roles allow."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from custody.cli import turn
from custody.errors import CustodyError, RefusedError
from custody.governance.compartments import COMPARTMENTS, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custody.governance.compartments import Compartment
    from custody.governance.wrapped import Member
    from custody.policy import Policy
    from custody.trust.signers import Trust

PARAMS = Path("params.yaml")
Name = Annotated[str, typer.Argument(help="Name in recipients of .custody/trust.yaml.")]
Compartments = Annotated[
    list[str] | None,
    typer.Option("--compartment", help="pipeline, reidentify or release; may be given several times."),
]


def identity() -> None:
    """Make an identity of age, and print its public half for .custody/trust.yaml.

    It goes to CUSTODY_IDENTITY, else to custody/identity.txt in your configuration folder. An SSH key (ssh-ed25519,
    without a passphrase) serves as well, and needs no command.
    """
    from custody.governance import identity as identities  # noqa: PLC0415  # late: help is quick

    named = os.environ.get("CUSTODY_IDENTITY")
    path = Path(named) if named else identities.default_path()
    made = identities.create(path)
    typer.echo("Add this to .custody/trust.yaml under recipients, with your name and role, and have it reviewed:")
    typer.echo(f"    key: {made.recipient}")


def show(*, as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False) -> None:
    """Say which secrets the policy's zone has, who holds them, and what you may open. Opens none."""
    from custody.governance import identity as identities  # noqa: PLC0415
    from custody.governance import pending, wrapped  # noqa: PLC0415
    from custody.policy import load  # noqa: PLC0415

    zone = load(PARAMS).keys.zone
    shared, trust = wrapped.members(zone), trusted()
    keys = [one.recipient for one in identities.mine()] if identities.identity_path() else []
    you = trust.who(keys)
    beyond = [
        {"holder": name, "compartment": one}
        for name, member in shared.items()
        for one in named(member.secrets)
        if one not in trust.may(name)
    ]
    may = list(trust.may(you)) if you else []
    told = {"zone": zone, "you": you, "may": may, "secrets": _secrets(shared), "beyond_role": beyond}
    half = pending.broken_off()
    told["broken_off"] = half.command if half is not None else None
    typer.echo(json.dumps(told, indent=2) if as_json else "\n".join(_lines(told)))


def grant(
    name: Name,
    *,
    compartment: Compartments = None,
    signing_key: Annotated[
        Path | None, typer.Option(help="Private key file that becomes the zone's secret of compartment release.")
    ] = None,
) -> None:
    """Wrap the present secrets of the policy's zone to somebody: all that they may open, or those that are named.

    You can give what you can open yourself. A role that may not open a compartment is refused. Commit .custody.
    """
    from custody.governance import changes, sharing, wrapped  # noqa: PLC0415
    from custody.policy import load  # noqa: PLC0415
    from custody.trust import inforce  # noqa: PLC0415

    with turn.finished(("grant", name)):
        policy, trust = load(PARAMS), trusted()
        chosen = named(compartment or _usual(name, policy, trust, signed=signing_key is not None))
        trust.refuse_beyond(name, chosen)
        changes.begin("grant", policy.keys.zone, chosen, [trust.key(name)])
        held = [inforce.present(policy, one, signing_key) for one in chosen]
        member = sharing.grant(policy.keys.zone, name, trust, held)
        wrapped.write(name, member)  # one write: it is made or it is not
        typer.echo(f"{name}: holds {', '.join(chosen)} of zone {member.zone}; commit .custody")


def revoke(name: Name, *, compartment: Compartments = None) -> None:
    """Take secrets away from somebody: all, or those that are named; and make new ones for those who are left.

    Writes .custody/keys and params.yaml, and seals the sealed sources anew. What it cannot undo is printed.
    """
    from custody.policy import load  # noqa: PLC0415
    from custody.trust import renewing  # noqa: PLC0415

    chosen = named(compartment or ())
    asked = ("revoke", name, *(word for one in chosen for word in ("--compartment", one)))
    with turn.finished(asked) as done:
        if not done:
            whole = renewing.Asked(asked, PARAMS, load(PARAMS), trusted())
            turn.tell(renewing.revoke(whole, name, chosen or COMPARTMENTS))


def trusted() -> Trust:
    """Return who may open what, as the work tree has it: whoever changes it has it reviewed."""
    from custody.trust import signers  # noqa: PLC0415

    path = Path(signers.PATH)
    try:
        return signers.read(path.read_bytes(), signers.PATH)
    except OSError as error:
        raise CustodyError(
            f"{signers.PATH}: cannot be read ({error.strerror}); name roles and recipients there, see the README"
        ) from None


def _usual(name: str, policy: Policy, trust: Trust, *, signed: bool) -> list[Compartment]:
    """Return what the role of somebody may open, of what there is."""
    from custody.governance import wrapped  # noqa: PLC0415

    shared = {one for member in wrapped.members(policy.keys.zone).values() for one in member.secrets}
    there = {"pipeline": True, "reidentify": policy.privacy.reidentify is not None, "release": signed}
    trust.key(name)
    chosen = [one for one in trust.may(name) if there[one] or one in shared]
    if not chosen:
        raise RefusedError(f"{name}: the role may open nothing that there is; see roles in .custody/trust.yaml")
    return chosen


def _secrets(shared: Mapping[str, Member]) -> list[dict[str, Any]]:
    """Return every secret with fingerprint and holders, by compartment and epoch, newest first."""
    found: dict[tuple[int, int, str], list[str]] = {}
    for name, member in shared.items():
        for compartment, epochs in member.secrets.items():
            for epoch, one in epochs.items():
                found.setdefault((COMPARTMENTS.index(compartment), -int(epoch), one.check), []).append(name)
    return [
        {"compartment": COMPARTMENTS[index], "epoch": -epoch, "check": check, "holders": names}
        for (index, epoch, check), names in sorted(found.items())
    ]


def _lines(told: dict[str, Any]) -> list[str]:
    you = f"{told['you']}, may open: {', '.join(told['may']) or 'nothing'}" if told["you"] else "none of recipients"
    lines = [
        f"{one['compartment']:<10}  epoch {one['epoch']}  check {one['check']}  {', '.join(one['holders'])}"
        for one in told["secrets"]
    ]
    lines += [
        f"{one['holder']} holds {one['compartment']}, which the role may not open: custody keys revoke {one['holder']}"
        for one in told["beyond_role"]
    ]
    lines += [f"{told['broken_off']}: was broken off; run it again"] if told["broken_off"] else []
    return [f"zone {told['zone']}; you are {you}", *(lines or ["shared with nobody: custody keys grant NAME"])]
