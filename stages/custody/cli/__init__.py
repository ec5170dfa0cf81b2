"""`custody …`: one file per command group, one error boundary.

Commands are imported when they are asked for, and rooms that import pandas, Arrow or polars inside the commands that
need them, so that each starts quickly.
"""

from __future__ import annotations

import codecs
import io
import sys

from custody.cli import plainly
from custody.errors import boundary


def _run(words: list[str]) -> None:
    _speak_whole(sys.stdout)
    if not plainly.answered(words):
        from custody.cli.app import app  # noqa: PLC0415  # late: Typer
        from custody.engine import without  # noqa: PLC0415

        without.pandas()
        app(words)


def _speak_whole(out: object) -> None:
    """Have no letter stop what is printed: ASCII, which nobody chooses, is UTF-8, and elsewhere its escape stands."""
    if isinstance(out, io.TextIOWrapper):
        plain = codecs.lookup(out.encoding).name == "ascii"
        out.reconfigure(encoding="utf-8" if plain else None, errors="backslashreplace")


main = boundary(_run)
"""Runs the command line, and exits with the status that the outcome calls for."""
