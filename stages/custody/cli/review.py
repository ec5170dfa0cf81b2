"""`custody review`: what a change of policy means, before it is merged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from custody.errors import plain


def review(
    span: Annotated[
        str,
        typer.Argument(
            metavar="[BASE..HEAD]",
            help="Two revisions; BASE alone, or nothing (the main branch): against the work tree.",
        ),
    ] = "",
    *,
    form: Annotated[
        Literal["text", "markdown", "json"], typer.Option("--format", help="markdown is for a pull request.")
    ] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Say of each changed key of params.yaml and .custody/trust.yaml whether it tightens or loosens. Needs no key.

    Exit status 1 where anything loosens, or is mixed, which counts as loosening. What the change does to the data is
    not computed.
    """
    from custody.history.review import reviewing, verdict, words  # noqa: PLC0415  # late: these import pydantic

    told = reviewing.review(Path(), span)
    if as_json or form == "json":
        typer.echo(json.dumps(told.json(), indent=2, ensure_ascii=False))
    elif form == "markdown":
        typer.echo(words.markdown(told), nl=False)
    else:
        for line in words.lines(told):
            typer.echo(plain(line))
    answer = verdict.verdict(told.report(), signed=False)
    if answer.status:
        raise typer.Exit(answer.status)
