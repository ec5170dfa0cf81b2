"""One partition after the other, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.engine.progress import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from custody.records.run import Item, Result, Shared


def run(
    function: Callable[[Shared, Item], Result], shared: Shared, items: Sequence[Item], what: str
) -> Iterator[Result]:
    """Yield `function(shared, item)` for each item, in order."""
    yield from shown((function(shared, item) for item in items), len(items), what)
