"""`custody anchor`: pin the released version that later runs compare themselves with, show it, pin none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from custody.errors import CustodyError

if TYPE_CHECKING:
    from custody.governance.opening import Opened
    from custody.release.statement import Statement

app = typer.Typer(help="The anchor: the released version that a run compares itself with.", no_args_is_help=True)

PARAMS = Path("params.yaml")
DATA = Path("data")
STATEMENT = "data/released/statement.json"


@app.command("set")
def set_anchor(
    revision: Annotated[
        str, typer.Argument(metavar="REV", help="A released version: commit, tag or branch; . for the present one.")
    ],
) -> None:
    """Pin a released version under data/anchor: sealed counts, histograms and keyed hashes, no record of it.

    Commit data/anchor like any change of the policy: from then on every run, anywhere, compares with this version.
    """
    from custody.governance import opening  # noqa: PLC0415  # late: these import Arrow
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.history.accepted import Accepted  # noqa: PLC0415
    from custody.history.anchoring import pin  # noqa: PLC0415
    from custody.policy import load  # noqa: PLC0415
    from custody.records import digest  # noqa: PLC0415
    from custody.release import statement  # noqa: PLC0415
    from custody.repository import versions  # noqa: PLC0415

    policy = load(PARAMS)
    folders = ["data/collected", "data/validated"]
    with versions.outputs(Path.cwd(), revision, folders, [STATEMENT]) as (commit, root):
        stated = statement.read(root / "data/released")
        about = {"zone": policy.keys.zone, "revision": commit}
        event = Event("anchor", release=digest.file_sha256(root / STATEMENT), about=about)
        granted = opening.grant(event, Path())
        opened = opening.records(granted, root / DATA, policy.keys)
        _released(stated, opened)
        body = pin(Accepted(opened, policy), commit, DATA / "anchor")
    typer.echo(f"anchor: {_named(commit)}, {body['rows']:,} accepted records, {len(body['schema'])} columns")
    typer.echo("Runs now compare with it: dvc repro. Commit data/anchor; a reviewer sees the revision in its manifest.")


@app.command("clear")
def clear() -> None:
    """Pin nothing: runs compare with nothing until a version is set again. Needs no key; a reviewer sees it in git.

    After a new secret of the pipeline nothing opens what was pinned under the earlier one.
    """
    from custody.anchor import pinned  # noqa: PLC0415

    was = pinned.read_manifest(DATA / "anchor")
    pinned.clear(DATA / "anchor")
    typer.echo("anchor: nothing is pinned" + (f"; {_named(str(was.get('revision')))} was" if was else ""))
    typer.echo("Next: dvc repro, and custody anchor set . once it is released. Commit data/anchor.")


@app.command("show")
def show(*, as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False) -> None:
    """Say which version is pinned, of how many records, with which parts. Needs no key."""
    from custody.anchor.pinned import read_manifest  # noqa: PLC0415

    body = read_manifest(DATA / "anchor")
    if as_json:
        typer.echo(json.dumps(body, sort_keys=True, indent=2, ensure_ascii=False))
        return
    for line in _lines(body):
        typer.echo(line)


def _released(stated: Statement, opened: Opened) -> None:
    if not stated.released:
        raise CustodyError("REV: was refused, so it is nothing to trust; give a released version")
    counts = opened.validated.body.get("accounting", {})
    told = {"collected": stated.accounting.collected, "accepted": stated.accounting.accepted}
    if any(counts.get(name) != count for name, count in told.items()):
        raise CustodyError("REV: its release was made of other records than data/validated judges; run: dvc repro")


def _lines(body: dict[str, Any]) -> list[str]:
    if not body:
        return ["no anchor: runs compare with nothing; pin a released version with: custody anchor set REV"]
    try:
        parts = ", ".join(str(part["name"]) for part in body["partitions"])
        rows, columns, key = int(body["rows"]), len(body["schema"]), body["key"]
        return [
            f"revision  {_named(str(body['revision']))}",
            f"records   {rows:,} accepted, {columns} columns",
            f"parts     {parts}",
            f"key       zone {key['zone']}, check {key['check']}",
        ]
    except (KeyError, TypeError, ValueError):
        raise CustodyError("anchor/manifest.json: is not one that custody anchor set wrote; set it again") from None


def _named(commit: str) -> str:
    return commit if len(commit) != 40 else commit[:12]  # noqa: PLR2004  # a full commit id
