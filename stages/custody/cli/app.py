"""The command line as Typer reads it: every command, its options and its help."""

from __future__ import annotations

from typing import Annotated

import typer

from custody import __version__
from custody.cli.lazily import Lazily

app = typer.Typer(
    name="custody",
    cls=Lazily,
    help="Training data with a chain of custody: the policy in params.yaml, its keys and its sources.",
    epilog="The pipeline itself is DVC's: dvc repro. Exit status: 0 ran, 1 the answer is no, 2 usage, 3 unusable input "
    "or policy. --traceback adds frames to an error, never a value.",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


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
