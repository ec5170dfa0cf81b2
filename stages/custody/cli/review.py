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
    meaning: Annotated[
        bool, typer.Option("--meaning", help="Only what each key means: no key is used, and no data is opened.")
    ] = False,
) -> None:
    """Say what a change of policy means, what it does to the data, and what of that is policy and what data.

    Both policies are run on HEAD's sources, in a folder apart; only counts come out. Exit status 1 where the gate flips
    to refused, or anything loosens or is mixed, or meaning and effect disagree; 3 where it could not be judged.
    """
    from custody import engine  # noqa: PLC0415
    from custody.history.review import reviewing, verdict, words  # noqa: PLC0415  # late: these import pydantic

    told = reviewing.review(Path(), span, None if meaning else engine.choose())
    answer = verdict.verdict(told.report(), signed=False)
    if as_json or form == "json":
        typer.echo(json.dumps(told.json(), indent=2, ensure_ascii=False))
    elif form == "markdown":
        typer.echo(words.markdown(told, answer), nl=False)
    else:
        for line in words.lines(told, answer):
            typer.echo(plain(line))
    if answer.status:
        raise typer.Exit(answer.status)
