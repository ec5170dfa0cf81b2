"""`custody diff`: how two releases differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="The earlier release: a commit, tag or branch.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The later one.")] = "HEAD",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Say how two releases differ: figures, sources, columns, rows by source and reason, labels. Needs no key.

    Never a value; a count of persons, or of records of a group, below the policy's k shows as <k. Rows of a source with
    such a count are told by size alone, <k (or zero) and ≥k, or not at all, since the others would tell it.
    """
    from custody.cli.told.diff import lines  # noqa: PLC0415  # late: help is quick

    for line in lines(Path(), a, b, as_json=as_json):
        typer.echo(line)
