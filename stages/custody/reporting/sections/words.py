"""How figures are written."""

from __future__ import annotations

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
