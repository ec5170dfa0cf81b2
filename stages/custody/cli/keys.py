"""`custody keys`: make a zone's secrets and name them in the policy, share them, make new ones, begin new epochs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from custody.cli import team, turn
from custody.errors import CustodyError
from custody.governance.compartments import named

app = typer.Typer(help="Zone secrets: what seals raw data and makes pseudonyms.", no_args_is_help=True)

PARAMS = Path("params.yaml")

Params = Annotated[Path, typer.Option(help="The policy that is written to.")]

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
    from custody.governance import zones  # noqa: PLC0415  # late: pydantic and cryptography cost 0.2 s

    _check_name(zone)
    asked = ("init", zone, *(["--reversible"] if reversible else []))
    with turn.finished(asked) as done:
        turn.tell(() if done else zones.make(params, zone, asked, reversible=reversible))


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

    if secret and domains:
        raise CustodyError("DOMAIN: begins an epoch anyway where --secret changes its pseudonyms; give one of them")
    chosen = named(secret or ())
    asked = ("rotate", *(word for one in chosen for word in ("--secret", one)), *(domains or ()))
    with turn.finished(asked) as done:
        if not done and secret:
            from custody.trust import renewing  # noqa: PLC0415

            turn.tell(renewing.rotate(renewing.Asked(asked, params, load(params), team.trusted()), chosen))
        elif not done:
            from custody.governance import epochs  # noqa: PLC0415

            turn.tell(epochs.begin(params.resolve(), load(params), asked, domains))


def _check_name(zone: str) -> None:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    from custody.policy.model import Id  # noqa: PLC0415

    try:
        TypeAdapter(Id).validate_python(zone)
    except ValidationError:
        raise CustodyError(
            "ZONE: must be 1 to 63 lower-case letters, digits, - or _, and begin with a letter"
        ) from None
