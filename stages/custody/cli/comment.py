"""`custody comment`: what a forge is to be asked for, so that one comment holds the newest review. Asks no forge."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003  # Typer reads it
from typing import Annotated

import typer

from custody.errors import CustodyError


def comment(  # noqa: PLR0913  # the options of one command
    report: Annotated[Path, typer.Argument(help="The review, in Markdown.")],
    comments: Annotated[Path, typer.Argument(help="The comments that are there, as the forge lists them (JSON).")],
    *,
    run: Annotated[str, typer.Option(metavar="NUMBER.ATTEMPT", help="Of the run that made the review.")],
    head: Annotated[str, typer.Option(metavar="SHA", help="The commit that was reviewed.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who writes the comment: nobody else's is looked at.")],
    body: Annotated[Path, typer.Option(metavar="FILE", help="File to write the request's body to (JSON).")],
) -> None:
    """Print `create`, `update ID` or `leave`, and write the body of the request; for .github and .gitlab/review.yml."""
    from custody.history.review import comment as comments_  # noqa: PLC0415  # late: help is quick

    text = comments_.body(_read(report, "REPORT"), run, head)
    told = comments_.plan(comments_.parse(_read(comments, "COMMENTS")), by, run)
    body.write_text(json.dumps({"body": text}), encoding="utf-8")
    typer.echo(str(told))


def _read(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CustodyError(f"{what}: cannot be read as text; see that the step before this one wrote it") from None
