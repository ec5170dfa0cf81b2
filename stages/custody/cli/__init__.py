"""`custody …`: one file per command group, one error boundary.

Rooms that import pandas, Arrow or polars are imported inside the commands that need them, so that help is quick.
"""

from __future__ import annotations

from typing import Annotated

import typer

from custody import __version__
from custody.cli import (
    anchor,
    audit,
    diff,
    fetch,
    keys,
    log,
    policy,
    privacy,
    release,
    report,
    reproduce,
    review,
    source,
    verify,
    which,
)
from custody.errors import boundary

app = typer.Typer(
    name="custody",
    help="Training data with a chain of custody: the policy in params.yaml, its keys and its sources.",
    epilog="The pipeline itself is DVC's: dvc repro. Exit status: 0 ran, 1 the answer is no, 2 usage, 3 unusable input "
    "or policy. --traceback adds frames to an error, never a value.",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)
app.command("report")(report.report)
app.add_typer(policy.app, name="policy")
app.add_typer(keys.app, name="keys")
app.add_typer(source.app, name="source")
app.add_typer(anchor.app, name="anchor")
app.add_typer(privacy.app, name="privacy")
app.add_typer(release.app, name="release")
app.add_typer(audit.app, name="audit")
app.command("verify")(verify.verify)
app.command("review")(review.review)
app.command("log")(log.log)
app.command("diff")(diff.diff)
app.command("which")(which.which)
app.command("fetch")(fetch.fetch)
app.command("reproduce")(reproduce.reproduce)


def _version(wanted: bool) -> None:  # noqa: FBT001  # Typer calls it so
    if wanted:
        typer.echo(f"custody {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Read the options that stand before a command; `--version` has done its work by now."""


main = boundary(app)
