"""`custody review`: what a change of policy means, before it is merged."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from custody.cli.verify import Keys  # noqa: TC001  # Typer reads it
from custody.errors import CustodyError, plain

if TYPE_CHECKING:
    from custody.history.review.reviewing import Review

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


def review(  # noqa: PLR0913  # the options of one command
    span: Span = "",
    *,
    form: Annotated[
        Literal["text", "markdown", "json"], typer.Option("--format", help="markdown is for a pull request.")
    ] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    meaning: Meaning = False,
    proposal: Annotated[
        Literal["branch", "fork"] | None,
        typer.Option(
            help="Judge HEAD, which may be anybody's, by BASE's code, checked out here, and BASE's keys alone."
        ),
    ] = None,
    trusted: Keys = None,
) -> None:
    """Say what a change of policy means, what it does to the data, and what of that is policy and what data.

    Both policies are run on HEAD's sources, in a folder apart; only counts come out. Exit status 1 where the gate flips
    to refused, or anything loosens or is mixed, or meaning and effect disagree, and nobody who may signed it off
    (custody policy approve); 3 where it could not be judged.
    """
    from custody.history.review import signoff, verdict, words  # noqa: PLC0415  # late: these import pydantic

    told = _told(span, proposal, meaning=meaning)
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


def _told(span: str, proposal: Literal["branch", "fork"] | None, *, meaning: bool) -> Review:
    """Review a span; of a proposal only what each key means where more would not be safe."""
    import custody  # noqa: PLC0415
    from custody import engine  # noqa: PLC0415
    from custody.history.review import proposal as proposals  # noqa: PLC0415
    from custody.history.review import reviewing  # noqa: PLC0415

    told = reviewing.review(Path(), span)
    if proposal is not None:
        if reviewing.WORK_TREE in {told.base, told.head} or not span:
            raise CustodyError("BASE..HEAD: a proposal is reviewed between two commits; name both")
        proposals.at_base(Path(), told.base, Path(custody.__file__).parent)
        instead = proposals.only_meaning(Path(), told.base, told.head, proposal)
        if instead is not None:
            return replace(told, effect=instead, attribution=instead)
    return told if meaning else reviewing.review(Path(), span, engine.choose())
