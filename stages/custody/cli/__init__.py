"""`custody …`: one file per command group, one error boundary.

Commands are imported when they are asked for, and rooms that import pandas, Arrow or polars inside the commands that
need them, so that each starts quickly.
"""

from __future__ import annotations

from custody.cli import plainly
from custody.errors import boundary


def _run(words: list[str]) -> None:
    if not plainly.answered(words):
        from custody.cli.app import app  # noqa: PLC0415  # late: Typer
        from custody.engine import without  # noqa: PLC0415

        without.pandas()
        app(words)


main = boundary(_run)
"""Runs the command line, and exits with the status that the outcome calls for."""
