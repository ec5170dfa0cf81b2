"""Rows of a source, as a comparison of two releases counts them, and the reasons that it gives."""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

POLICY: Final = "policy"
"""The line is read by both; one of the policies, or its code, keeps it out."""
IDS: Final = "ids"
"""The ids are of another epoch or data set name, so rows cannot be joined."""
_NONE: Final[Counter[str]] = Counter()
"""Never changed."""


class Counts(NamedTuple):
    """Rows of one source."""

    same: int = 0
    moved: int = 0
    """Equal in all values, under another id: its file is another one."""
    changed: int = 0
    added: Counter[str] = _NONE
    """By reason."""
    removed: Counter[str] = _NONE
    columns: Counter[str] = _NONE
    """Changed rows whose value in this column differs."""

    def __add__(self, other: Counts) -> Counts:  # type: ignore[override]  # counts, not longer tuples
        return Counts(
            self.same + other.same,
            self.moved + other.moved,
            self.changed + other.changed,
            self.added + other.added,
            self.removed + other.removed,
            self.columns + other.columns,
        )


def source_of(partition: str) -> str:
    """Return the source in a partition's name: `<source>-<tag>-<number>`."""
    return partition.rsplit("-", 2)[0]
