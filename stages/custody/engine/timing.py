"""What parts of a stage cost, told apart: processor time by the name of the work, never part of an output."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from custody.records.run import Item, Result, Run, Shared


def timed(run: Run) -> tuple[Run, dict[str, float]]:
    """Return an engine that does what `run` does, and the processor seconds that each work took, by its name.

    Seconds of worker processes count once these have ended, as a pool's have when its last result was taken.
    """
    spent: dict[str, float] = {}

    def timing(
        function: Callable[[Shared, Item], Result], shared: Shared, items: Sequence[Item], what: str
    ) -> Iterator[Result]:
        start = _seconds()
        for result in run(function, shared, items, what):
            spent[what] = spent.get(what, 0.0) + _seconds() - start
            yield result
            start = _seconds()
        spent[what] = spent.get(what, 0.0) + _seconds() - start

    return timing, spent


def _seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
