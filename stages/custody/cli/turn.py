"""What commands that change keys share: one at a time, and first of all what an earlier one did not finish."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@contextmanager
def finished(asked: Sequence[str]) -> Iterator[bool]:
    """Finish an earlier command that was broken off, and tell what it did; yield whether it is the one that is asked.

    Other commands that change keys here wait while the block runs.
    """
    from custody.governance import pending  # noqa: PLC0415  # late: help is quick

    with pending.turn() as earlier:
        if earlier is not None:
            typer.echo(f"{earlier.command}: was broken off, and is finished now")
            tell(earlier.told)
        yield earlier is not None and earlier.asked == tuple(asked)


def tell(lines: Iterable[str]) -> None:
    """Print lines."""
    for line in lines:
        typer.echo(line)
