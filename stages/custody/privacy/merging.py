"""Merging summaries as they arrive, so that memory follows what is distinct and not the number of partitions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Part = TypeVar("Part")


@dataclass
class Merging(Generic[Part]):
    """Parts of one kind on their way to one; parts wait until they weigh as much as what is merged, at least `least`.

    `merge` joins parts, in any order and grouping, and gives the empty one for none; `weigh` tells how large a part is.
    """

    merge: Callable[[list[Part]], Part]
    weigh: Callable[[Part], int]
    least: int = 1 << 20
    _waiting: list[Part] = field(default_factory=list)
    _merged: int = 0
    _weight: int = 0

    def add(self, part: Part) -> None:
        """Take one part in."""
        self._waiting.append(part)
        self._weight += self.weigh(part)
        if self._weight >= max(self.least, 2 * self._merged):
            self._merged = self._weight = self.weigh(self.total())

    @property
    def empty(self) -> bool:
        """True where nothing was added."""
        return not self._waiting

    def total(self) -> Part:
        """Return all parts as one."""
        if len(self._waiting) != 1:
            waiting, self._waiting = self._waiting, []  # `merge` may empty the list
            self._waiting = [self.merge(waiting)]
        return self._waiting[0]
