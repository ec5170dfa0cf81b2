"""`custody log`: the releases in git's history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def log(
    *,
    trusted: Annotated[
        Path | None, typer.Option(help="Keys that you believe; else CUSTODY_TRUST, else your main branch's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """List the releases and refusals in git's history, newest first, with what became of each. Needs no key."""
    from custody.cli.told.log import lines  # noqa: PLC0415  # late: help is quick

    for line in lines(Path(), trusted, as_json=as_json):
        typer.echo(line)
