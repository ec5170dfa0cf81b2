"""How figures are written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from custody.reporting.document import Name, Number, Table

if TYPE_CHECKING:
    from custody.reporting.document import Part
    from custody.reporting.facts import tables

NOTHING = "-"


def number(value: float | None) -> str:
    """`5,513`, `0.996041`; a dash for nothing."""
    return NOTHING if value is None else f"{value:,}"


def percent(value: float | None) -> str:
    """`98.5799%`: as many digits as are known, so that a miss never rounds to a pass."""
    return NOTHING if value is None else f"{value * 100:.4f}".rstrip("0").rstrip(".") + "%"


def steady(value: float | None) -> str:
    """`98.5700%`: the same digits in a whole column, rounded down, so that a miss never rounds to a pass."""
    return NOTHING if value is None else f"{math.floor(round(value * 1_000_000)) / 10_000:.4f}%"


def short(value: float) -> str:
    """`75.84%`; what is there never rounds to nothing."""
    if not value:
        return "0%"
    return "<0.01%" if 0 < value < 0.0001 else f"{value * 100:.2f}%"  # noqa: PLR2004  # a hundredth of a percent


def cell(value: tables.Value) -> Part:
    """A figure as a number, yes and no as words, a text as a name."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return Number(number(value)) if isinstance(value, int | float) else Name(value)


def generic(table: tables.Table, *, folded: bool = False) -> Table:
    """A part of a stage's report as it stands."""
    lines = tuple(tuple(map(cell, line)) for line in table.lines)
    head = tuple(name.replace("_", " ") for name in table.head)
    left = f"{table.left_out:,} more lines stand in the report itself." if table.left_out else None
    return Table(table.name.replace("_", " ").replace(".", ": "), head, lines, folded=folded, note=left)
