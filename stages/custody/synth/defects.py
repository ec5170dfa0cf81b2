"""Where defects are planted: one of each kind per block of records, each at a fixed place.

A count stands under the stage and the name that the stage's own report uses, so that a test compares figures and not
stories.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BLOCK = 250
"""Records after which the defects of a file come again."""


@dataclass(frozen=True)
class Defect:
    """One kind of planted defect."""

    name: str
    found: tuple[str, ...] = ()
    """Where it is counted: `stage/kind/…`; several where more than one report shows it."""
    values: tuple[tuple[str, ...], ...] = ()
    """Field values that make it: one alternative per block, in turn; each is `(field, value, field, value, …)`."""
    line: tuple[bytes, ...] = ()
    """Or the whole line that makes it, one alternative per block, in turn."""

    def fields(self, block: int) -> dict[str, str]:
        """Return what this defect writes in place of a record's own values in `block`."""
        chosen = self.values[block % len(self.values)] if self.values else ()
        return dict(zip(chosen[::2], chosen[1::2], strict=True))


@dataclass(frozen=True)
class Plan:
    """Places of defects in a block; the places between them hold clean records."""

    places: dict[int, Defect]

    def place(self, name: str) -> int:
        """Return where in a block the defect `name` stands."""
        return next(place for place, defect in self.places.items() if defect.name == name)


@dataclass
class Counts:
    """Planted defects of one file by where they are found, such as `collect/malformed/not_json`."""

    numbers: dict[str, int] = field(default_factory=dict)

    def add(self, found: Iterable[str], count: int = 1) -> None:
        """Count one planted defect in each place where it is found."""
        for where in found:
            self.numbers[where] = self.numbers.get(where, 0) + count

    def tree(self) -> dict[str, object]:
        """Nested by the parts of each name, sorted."""
        root: dict[str, object] = {}
        for where, number in sorted(self.numbers.items()):
            *parents, last = where.split("/")
            node = root
            for parent in parents:
                node = node.setdefault(parent, {})  # type: ignore[assignment]  # inner nodes are dicts by construction
            node[last] = number
        return root


def plan(defects: Sequence[Defect]) -> Plan:
    """Spread `defects` over a block with at least one clean record before each; a copy needs a clean one to copy."""
    gap = BLOCK // len(defects)
    if gap < 2:  # noqa: PLR2004  # a defect and the clean record before it
        raise ValueError("more defects than a block has room for")
    return Plan({i * gap + gap - 1: defect for i, defect in enumerate(defects)})


def value(name: str, field_: str, texts: Sequence[str], *found: str) -> Defect:
    """One field holds one of `texts`."""
    return Defect(name, found, tuple((field_, text) for text in texts))


def wrong(name: str, field_: str, texts: Sequence[str], column: str, code: str, *rules: str) -> Defect:
    """One field holds one of `texts`, none of which is of its column's type; breaks `rules`, too."""
    broken = (f"validate/broken/{rule}" for rule in rules)
    return value(name, field_, texts, f"collect/problems/{column}/{code}", *broken)


def missing(name: str, field_: str, texts: Sequence[str], column: str) -> Defect:
    """One field holds one of `texts`, all of which are nothing."""
    return value(name, field_, texts, f"validate/missing/{column}")


def line(name: str, lines: Sequence[bytes], *found: str) -> Defect:
    """A whole line that is one of `lines`."""
    return Defect(name, found, line=tuple(lines))
