"""`custody reproduce`: build a release of the past anew, and say whether it is the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from custody.errors import CustodyError, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.history.rebuild.reproducing import Reproduced


def reproduce(
    revision: Annotated[str, typer.Argument(metavar="REV", help="A release: a commit, tag or branch.")],
    *,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Leave what was built in this new folder, outside any project.")
    ] = None,
    current_env: Annotated[
        bool, typer.Option("--current-env", help="Use the libraries of today, and say which differ.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Rebuild a release from its own code, policy, sources, libraries and keys, and compare stage by stage.

    Runs `dvc repro -f --no-run-cache` in a clone of its own; nothing here is touched. Exit status 0: reproduced or
    equivalent; 1: changed or failed; 3: unverifiable, and what is gone.
    """
    from custody.governance.audit import log  # noqa: PLC0415
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.history.rebuild.reproducing import reproduce as rebuild  # noqa: PLC0415  # late: these import Arrow
    from custody.history.version import version  # noqa: PLC0415
    from custody.records import digest  # noqa: PLC0415

    root = Path.cwd()
    found = version(root, revision, "REV")
    if to is not None:
        _outside(to)
    release = None if found.text is None else digest.sha256(found.text)
    log.record(Event("reproduce", release=release, about={"revision": found.commit}), root)
    told = rebuild(root, found, to, current_env=current_env)
    for line in [json.dumps(told.json(), indent=2)] if as_json else map(plain, _lines(told)):
        typer.echo(line)
    if told.status:
        raise typer.Exit(told.status)


def _outside(to: Path) -> None:
    from custody.repository.outside import refuse_inside  # noqa: PLC0415

    refuse_inside(to, "--to")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise CustodyError("--to: exists and holds something; choose a new folder")


def _lines(told: Reproduced) -> Iterator[str]:
    yield f"{told.revision[:12]}: {told.answer}"
    for one in told.verdicts:
        yield f"  {one.stage.ljust(9)}  {one.answer}"
        yield from (f"    {why}" for why in one.why)
    recorded, rebuilt = told.statements
    if recorded and rebuilt:
        both = f"SHA-256 {rebuilt}" if recorded == rebuilt else f"{recorded} recorded, {rebuilt} rebuilt"
        yield f"  statement  {both}"
    yield from (f"  note: {note}" for note in told.notes)
