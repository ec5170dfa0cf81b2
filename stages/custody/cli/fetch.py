"""`custody fetch`: bring a release out of another repository, verified."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from custody.cli.verify import Keys, Retracted  # noqa: TC001  # Typer reads them


def fetch(
    repository: Annotated[str, typer.Argument(metavar="REPO", help="Path or URL of its git repository.")],
    target: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="New folder to put it into; default: named as REPO is.")
    ] = None,
    *,
    revision: Annotated[str, typer.Option("--rev", metavar="REV", help="Its revision: commit, tag or branch.")],
    trusted: Keys = None,
    retractions: Retracted = None,
) -> None:
    """Bring a release, verified before it is handed over: PATH/released, with PATH/signatures and PATH/audit beside.

    Refused, and nothing is left, where custody.load would refuse it: unsigned by keys that you believe, retracted,
    expired, refused since, or not what its statement lists.
    """
    from custody.governance.audit import log  # noqa: PLC0415  # late: help is quick
    from custody.release.words import counted  # noqa: PLC0415
    from custody.trust import fetching, places  # noqa: PLC0415

    path = target or Path(Path(repository).absolute().name.removesuffix(".git"))
    with log.noted("fetch", places.around(Path()) or Path()) as logged:
        stated, vouched = fetching.fetch(
            repository,
            revision,
            path,
            trusted=trusted,
            newest=retractions,
            today=dt.datetime.now(dt.UTC).date(),
            logged=logged,
        )
    typer.echo(f"fetched {stated.dataset.name}: {counted(stated.rows, 'row')}, {vouched}; {path / 'released'}")
