"""`custody report`: what the last run decided and why, as a page, as Markdown or as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from custody.errors import CustodyError

if TYPE_CHECKING:
    from custody.history.comparing import Compared
    from custody.reporting.reading import Read

NONE = "none"
PAGE = Path("report.html")
STDOUT = Path("-")


def report(
    *,
    form: Annotated[
        Literal["html", "markdown", "json"], typer.Option("--format", help="markdown is for a pull request.")
    ] = "html",
    out: Annotated[
        Path | None, typer.Option(help=f"File to write, - for standard output; default: {PAGE} for html, else -.")
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            metavar="REV", help="Compare with this revision; default: the last commit, or the decision before it; none."
        ),
    ] = None,
    history: Annotated[int, typer.Option(min=0, max=500, help="Commits of the past to look at for trends.")] = 50,
) -> None:
    """Write what the last run decided, with its reasons and figures, as one page that needs no network.

    What changed since an earlier revision is parted between data and policy. No key is needed and no data is opened,
    but where both changed: then each data is judged under both policies, and only counts come out.
    """
    from custody.records.plain import write_text  # noqa: PLC0415  # late: these import Arrow and pydantic
    from custody.reporting.compose import document  # noqa: PLC0415
    from custody.reporting.facts.report import report as facts  # noqa: PLC0415
    from custody.reporting.markdown import markdown  # noqa: PLC0415
    from custody.reporting.page import page  # noqa: PLC0415
    from custody.reporting.reading import read  # noqa: PLC0415

    found = read(Path.cwd(), history)
    told = facts(found, _compared(found, base))
    if form == "json":
        text = json.dumps(told.values(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    else:
        text = markdown(document(told)) if form == "markdown" else page(document(told))
    target = out or (PAGE if form == "html" else STDOUT)
    if target == STDOUT:
        typer.echo(text, nl=False)
        return
    write_text(target, text)
    typer.echo(
        f"{target.as_posix()}: {told.dataset.name}, {told.decision.headline}; {len(text.encode()) / 1024:,.0f} KB"
    )


def _compared(found: Read, base: str | None) -> Compared | None:
    """Part the change since `base`; without one, since the last commit or the decision before it, if there is any."""
    from custody import engine  # noqa: PLC0415  # late: these import Arrow
    from custody.history.comparing import compare  # noqa: PLC0415
    from custody.reporting.facts.history import earlier  # noqa: PLC0415

    revision = earlier(found) if base is None else base
    if revision in {None, NONE}:
        return None
    if "validate" not in found.stages:
        if base is not None:
            raise CustodyError(
                "--base: data/validated/report.json is not here, so there is nothing to compare; "
                "get it with dvc pull, or run dvc repro"
            )
        return None
    try:
        return compare(Path.cwd(), revision, found.policy, found.body("validate"), engine.choose())
    except CustodyError:
        if base is not None:
            raise
        return None  # nobody asked for that revision
