"""`custody verify`: one answer, one reason per failure."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from custody.errors import CustodyError, RefusedError

if TYPE_CHECKING:
    from custody.trust.verdict import Verdict
    from custody.trust.verifying import Asked

Keys = Annotated[Path | None, typer.Option(help="Keys that you believe; else CUSTODY_TRUST, else your main branch's.")]
Retracted = Annotated[
    str | None, typer.Option(metavar="URL|PATH", help="The newest list of retractions; else your repository's.")
]


def verify(  # noqa: PLR0913  # the options of one command
    what: Annotated[
        str, typer.Argument(metavar="[PATH | REV]", help="A folder, a revision, or nothing: the work tree.")
    ] = "",
    *,
    trusted: Keys = None,
    retractions: Retracted = None,
    unsigned_ok: Annotated[bool, typer.Option("--unsigned-ok", help="Leave signatures out.")] = False,
    require_release: Annotated[bool, typer.Option("--require-release", help="A refusal is a no.")] = False,
    rebuilders: Annotated[
        int, typer.Option(metavar="N", min=0, help="Ask for N independent people who have rebuilt it.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Say whether a release is what it says it is: bytes, policy, code, lock file, signatures and more."""
    from custody.trust import places, verifying  # noqa: PLC0415  # late: help is quick

    asked = verifying.Asked(unsigned_ok=unsigned_ok, require_release=require_release, rebuilders=rebuilders)
    own = places.own(Path(what)) if what and Path(what).is_dir() else None
    if not what or own is not None:
        verdict = _of_workspace(own or Path(), trusted, retractions, asked)
    elif Path(what).is_dir():
        verdict = _of_folder(Path(what), trusted, retractions, asked)
    else:
        verdict = _of_revision(what, trusted, retractions, asked)
    typer.echo(json.dumps(verdict.json(), indent=2) if as_json else "\n".join(verdict.lines()))
    if not verdict.holds:
        raise typer.Exit(1)


def _of_folder(folder: Path, trusted: Path | None, retracted: str | None, asked: Asked) -> Verdict:
    """A folder that is no release of the caller's own project: it is held against what is handed over."""
    from custody.trust import places, verifying  # noqa: PLC0415

    known = places.known(folder, trusted, retracted)
    against = verifying.Against(
        known.trust,
        known.bundles,
        known.retractions,
        dt.datetime.now(dt.UTC).date(),
        audit=known.audit,
        refused_later=known.refused_later,
        asked=asked,
        rebuilds=known.rebuilds,
    )
    return verifying.verify(folder, folder.name or "the folder", against)


def _of_workspace(root: Path, trusted: Path | None, retracted: str | None, asked: Asked) -> Verdict:
    from custody.trust import beside, known, places, stored, verifying  # noqa: PLC0415

    against = verifying.Against(
        places.trusted(root, trusted),
        stored.bundles(root / stored.SIGNATURES),
        places.retracted(root, retracted),
        dt.datetime.now(dt.UTC).date(),
        beside.of_workspace(root),
        places.logs_of_workspace(root),
        places.decided_later(root),
        asked=asked,
        rebuilds=stored.bundles(root / stored.REBUILDS),
    )
    return verifying.verify(root / known.RELEASED, "the work tree", against)


def _of_revision(revision: str, trusted: Path | None, retracted: str | None, asked: Asked) -> Verdict:
    from custody.repository import tree, versions  # noqa: PLC0415
    from custody.trust import beside, known, places, verifying  # noqa: PLC0415
    from custody.trust.verdict import Reason, Verdict  # noqa: PLC0415

    root = Path()
    commit = tree.commit_of(root, revision)
    if commit is None:
        raise CustodyError("PATH | REV: is no folder and no revision of this repository; give one of them")
    named = f"revision {commit[:12]}"
    bundles, verdicts = places.signed_and_rebuilt(root, commit)
    against = verifying.Against(
        places.trusted(root, trusted),
        bundles,
        places.retracted(root, retracted),
        dt.datetime.now(dt.UTC).date(),
        beside.of_commit(root, commit),
        places.logs_of_commit(root, commit),
        places.refused_later(root, commit),
        asked=asked,
        rebuilds=verdicts,
    )
    try:
        with versions.outputs(root, commit, [known.RELEASED]) as (_, place):
            return verifying.verify(place / known.RELEASED, named, against)
    except RefusedError as error:
        return Verdict(named, None, None, (Reason("altered", str(error)),))
