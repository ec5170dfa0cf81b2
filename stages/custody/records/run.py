"""What a stage asks of an engine; engines stand above, so a stage is handed one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")


class Run(Protocol):
    """Map `function(shared, item)` over items; all three, and the results, can be pickled."""

    def __call__(
        self, function: Callable[[Shared, Item], Result], shared: Shared, items: Sequence[Item], what: str
    ) -> Iterator[Result]:
        """Yield one result per item, in the order of items; `what` names the work in the progress line."""
        ...
