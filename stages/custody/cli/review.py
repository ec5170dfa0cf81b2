"""`custody review`: what a change of policy means, before it is merged."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from custody.cli.verify import Keys  # noqa: TC001  # Typer reads it
from custody.errors import plain

Span = Annotated[
    str,
    typer.Argument(
        metavar="[BASE..HEAD]",
        help="Two revisions; BASE alone, or nothing (the main branch): against the work tree.",
    ),
]
Meaning = Annotated[
    bool, typer.Option("--meaning", help="Only what each key means: no key is used, and no data is opened.")
]


def review(
    span: Span = "",
    *,
    form: Annotated[
        Literal["text", "markdown", "json"], typer.Option("--format", help="markdown is for a pull request.")
    ] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    meaning: Meaning = False,
    trusted: Keys = None,
) -> None:
    """Say what a change of policy means, what it does to the data, and what of that is policy and what data.

    Both policies are run on HEAD's sources, in a folder apart; only counts come out. Exit status 1 where the gate flips
    to refused, or anything loosens or is mixed, or meaning and effect disagree, and nobody who may signed it off
    (custody policy approve); 3 where it could not be judged.
    """
    from custody import engine  # noqa: PLC0415
    from custody.history.review import reviewing, signoff, verdict, words  # noqa: PLC0415  # late: these import pydantic

    told = reviewing.review(Path(), span, None if meaning else engine.choose())
    trust = signoff.believed(Path(), span, told, trusted) if told.asks else None
    signed = signoff.judge(Path(), told, trust, dt.datetime.now(dt.UTC).date().isoformat()) if trust else None
    answer = verdict.verdict(told.report(), signed=signed is not None and signed.holds)
    if as_json or form == "json":
        more = {"signoff": signed.json() if signed else None}
        typer.echo(json.dumps({**told.json(), **more}, indent=2, ensure_ascii=False))
    elif form == "markdown":
        typer.echo(words.markdown(told, answer, signed), nl=False)
    else:
        for line in words.lines(told, answer, signed):
            typer.echo(plain(line))
    if answer.status:
        raise typer.Exit(answer.status)
