"""`custody keys`: make a zone's secrets and name them in the policy, share them, make new ones, begin new epochs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from custody.cli import epochs, team
from custody.cli.editing import Edit, edited, read, replace
from custody.errors import CustodyError
from custody.governance.compartments import named

if TYPE_CHECKING:
    from custody.policy import Policy

app = typer.Typer(help="Zone secrets: what seals raw data and makes pseudonyms.", no_args_is_help=True)

PARAMS = Path("params.yaml")
UNKNOWN = "0" * 16

Params = Annotated[Path, typer.Option(help="The policy that is written to.")]

BACKUP = (
    "Back the keyring up now, apart from the data: without it nothing sealed under this zone opens again, "
    "and whoever has it can read the raw data."
)
_REIDENTIFY = (
    "Fingerprint of the secret behind encrypt_deterministic. approve: key holder. risk: who has it takes names back."
)
app.command("identity")(team.identity)
app.command("show")(team.show)
app.command("grant")(team.grant)
app.command("revoke")(team.revoke)


@app.command("init")
def init(
    zone: Annotated[str, typer.Argument(help="Name of the zone: lower-case letters, digits, - and _.")],
    *,
    reversible: Annotated[
        bool,
        typer.Option(
            "--reversible", help="Make the secret for encrypt_deterministic, and the zone if it is not there."
        ),
    ] = False,
    params: Params = PARAMS,
) -> None:
    """Make a zone secret in the keyring and write keys.zone and keys.check into params.yaml.

    With --reversible also the secret that encrypts and takes back the columns of technique encrypt_deterministic, and
    privacy.reidentify. No secret is ever replaced. Another secret for the data is another zone: make it, and add the
    sources again; what was sealed before opens with the old zone alone.
    """
    from custody.governance import changes, keyring, keys  # noqa: PLC0415  # late: pydantic and cryptography cost 0.2 s

    _check_name(zone)
    path = params.resolve()
    text = read(path)
    edited(text, path.name, _edits(zone, UNKNOWN, UNKNOWN if reversible else None))  # before there is a secret
    changes.begin("init", zone, ("pipeline", "reidentify") if reversible else ("pipeline",))
    held = keys.held(zone) if reversible else None
    edits = _edits(zone, (held or keys.create(zone)).check, keys.create_reversible(zone).check if reversible else None)
    try:
        replace(path, edited(text, path.name, edits))
    except OSError as error:
        todo = " and ".join(f"{edit.key} to {edit.written}" for edit in edits)
        raise CustodyError(
            f"{path.name}: cannot be written ({error.strerror}), but the secret now exists; set {todo} there yourself"
        ) from None
    said = ", ".join(f"{edit.key} {edit.written}" for edit in edits)
    typer.echo(f"zone {zone}: made; {path.name} now names it: {said}")
    typer.echo(f"keyring: {keyring.keyring_path()}")
    typer.echo(BACKUP)
    if reversible:
        typer.echo("Whoever holds the reversible secret, and so whoever runs anonymize with it, can take names back.")


@app.command("rotate")
def rotate(
    domains: Annotated[
        list[str] | None, typer.Argument(help="Pseudonym domains; all that columns use where none is given.")
    ] = None,
    *,
    secret: Annotated[
        list[str] | None,
        typer.Option(
            help="Make a new secret for all who share this compartment: pipeline, reidentify or release; repeatable."
        ),
    ] = None,
    params: Params = PARAMS,
) -> None:
    """Begin a new epoch for pseudonyms: the next dvc repro writes others, which match none of an earlier epoch.

    Writes privacy.epochs into params.yaml. Needs no key: the pipeline's secret stays, and its holder can still make the
    pseudonyms of every epoch. anonymize, gate and enforce run again, collect and validate do not. With --secret, those
    who share the secret (custody keys show) get a new one, and everything under it is made anew.
    """
    from custody.policy import load  # noqa: PLC0415

    path, policy = params.resolve(), load(params)
    if secret:
        from custody.cli import renewing  # noqa: PLC0415

        if domains:
            raise CustodyError("DOMAIN: begins an epoch anyway where --secret changes its pseudonyms; give one of them")
        chosen = named(secret)
        for line in renewing.renew(path, policy, chosen, team.trusted(), removed={}):
            typer.echo(line)
        return
    _next_epochs(path, policy, domains)


def _next_epochs(path: Path, policy: Policy, domains: list[str] | None) -> None:
    from custody.governance import changes  # noqa: PLC0415

    privacy = policy.privacy
    chosen = tuple(dict.fromkeys(domains or privacy.domains))
    if not chosen or not set(chosen) <= set(privacy.domains):
        used = ", ".join(privacy.domains) or "none"
        raise CustodyError(f"DOMAIN: no column has pseudonyms of it; columns use: {used}")
    found = epochs.steps(privacy, chosen)
    text = edited(read(path), path.name, epochs.edits(privacy, found))
    changes.begin("rotate", policy.keys.zone, chosen)
    try:
        replace(path, text)
    except OSError as error:
        raise CustodyError(f"{path.name}: cannot be written ({error.strerror}); nothing was changed") from None
    for line in epochs.lines(found):
        typer.echo(line)
    typer.echo("dvc repro writes the new pseudonyms; those of earlier releases match them no longer.")


def _check_name(zone: str) -> None:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    from custody.policy.model import Id  # noqa: PLC0415

    try:
        TypeAdapter(Id).validate_python(zone)
    except ValidationError:
        raise CustodyError(
            "ZONE: must be 1 to 63 lower-case letters, digits, - or _, and begin with a letter"
        ) from None


def _edits(zone: str, check: str, reidentify: str | None) -> list[Edit]:
    edits = [Edit(("keys", "zone"), zone), Edit(("keys", "check"), check)]
    if reidentify is not None:
        edits.append(Edit(("privacy", "reidentify"), reidentify, _REIDENTIFY))
    return edits
