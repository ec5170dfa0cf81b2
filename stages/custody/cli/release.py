"""`custody release`: make a signing key, sign a release, withdraw one."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from custody.cli.verify import Keys  # noqa: TC001  # Typer reads it
from custody.errors import CustodyError, RefusedError

if TYPE_CHECKING:
    from custody.trust.signers import Trust

app = typer.Typer(help="Releases: sign them, withdraw them.", no_args_is_help=True)
ROOT = Path()


@app.command("key")
def key(
    file: Annotated[Path, typer.Argument(help="File to write the private key to, outside any project.")],
    *,
    kind: Annotated[Literal["ecdsa", "ed25519"], typer.Option(help="ECDSA P-256, or Ed25519.")] = "ecdsa",
) -> None:
    """Make a signing key and print the public half for .custody/trust.yaml."""
    from custody.trust import keyfile  # noqa: PLC0415  # late: help is quick

    made = keyfile.create(file, kind)
    typer.echo("Add this to .custody/trust.yaml under signers, with a name, and have it reviewed:")
    typer.echo(f"    key: {keyfile.public(made)}")


@app.command("sign")
def sign(
    *,
    private: Annotated[
        Path | None,
        typer.Option("--key", help="Private key file (custody release key FILE); default: the zone's shared one."),
    ] = None,
    trusted: Keys = None,
) -> None:
    """Sign the release in data/released as one of the trusted signers; the bundles go to data/signatures."""
    from custody.governance.audit import log, publishing  # noqa: PLC0415
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.policy import load  # noqa: PLC0415
    from custody.records import digest  # noqa: PLC0415
    from custody.release import statement  # noqa: PLC0415
    from custody.repository import tree  # noqa: PLC0415
    from custody.trust import inforce, known, places, signers, signing, stored  # noqa: PLC0415

    released, own = ROOT / known.RELEASED, ROOT / signers.PATH
    trust = places.trusted(ROOT, trusted or (own if own.is_file() else None))
    text = statement.text(released)
    _holds(released, trust)
    release = digest.sha256(text)
    log.record(Event("sign", release=release), ROOT)
    path, name = signing.sign(
        released,
        text,
        inforce.signer(load(ROOT / known.PARAMS).keys.zone, private),
        trust,
        target=ROOT / stored.SIGNATURES,
        commit=tree.commit_of(ROOT, "HEAD"),
        audit=publishing.heads(ROOT),
        now=dt.datetime.now(dt.UTC),
    )
    about = {"key": trust.signers[name].key_id, "bundle": digest.file_sha256(path)}  # a name would tell who acted
    log.note(Event("sign", "done", release=release, about=about), ROOT)
    typer.echo(f"signed by {name}: {path}; commit data/signatures and data/audit")


def _holds(released: Path, trust: Trust) -> None:
    """Stop where what would be signed does not verify; of signatures only checkpoints count."""
    from custody.trust import beside, places, stored, verifying  # noqa: PLC0415

    against = verifying.Against(
        trust,
        stored.bundles(ROOT / stored.SIGNATURES),
        places.retracted(ROOT, None),
        dt.datetime.now(dt.UTC).date(),
        beside.of_workspace(ROOT),
        places.logs_of_workspace(ROOT),
        asked=verifying.Asked(unsigned_ok=True),
    )
    verdict = verifying.verify(released, "the work tree", against)
    if not verdict.holds:
        raise RefusedError("\n".join(["nothing was signed: the release does not verify", *verdict.lines()[1:]]))


@app.command("retract")
def retract(
    revision: Annotated[
        str,
        typer.Argument(
            metavar="REV | STATEMENT", help="Its revision, . for the work tree, or its statement's SHA-256."
        ),
    ],
    *,
    reason: Annotated[str, typer.Option(help="Why, for everybody to read; no personal data.")],
) -> None:
    """Withdraw a release: loader and verify refuse it wherever this retraction is known. None of its data is needed."""
    from custody.governance.audit import log  # noqa: PLC0415
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.trust import retractions  # noqa: PLC0415

    if not reason.strip():
        raise CustodyError("--reason: is empty; say why, people will ask")
    named = _named(revision)
    log.record(Event("retract", reason=reason, release=named), ROOT)
    day = dt.datetime.now(dt.UTC).date().isoformat()
    retractions.add(ROOT / retractions.PATH, retractions.Retraction(statement=named, day=day, reason=reason.strip()))
    typer.echo(f"retracted: release {named[:12]}; commit and push {retractions.PATH}")


def _named(revision: str) -> str:
    """Return the SHA-256 of a release's statement, of which nothing else is brought; or that which was given."""
    from custody.records import digest  # noqa: PLC0415
    from custody.release import statement  # noqa: PLC0415
    from custody.release.stated import STATEMENT  # noqa: PLC0415
    from custody.repository import tree, versions  # noqa: PLC0415
    from custody.trust import known  # noqa: PLC0415

    given = revision.strip().lower().removeprefix("sha256:")
    if re.fullmatch("[0-9a-f]{64}", given) and tree.commit_of(ROOT, revision) is None:
        return given
    try:
        with versions.outputs(ROOT, revision, [], [f"{known.RELEASED}/{STATEMENT}"]) as (_, place):
            return digest.sha256(statement.text(place / known.RELEASED))
    except RefusedError:
        raise
    except CustodyError as error:
        raise CustodyError(f"{error}; or give the SHA-256 of its statement") from None
