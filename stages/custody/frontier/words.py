"""The frontier as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custody.frontier.measuring import Frontier, Point

HEAD = ("STEP", "K", "UNICITY", "SUPPRESSED", "MACRO-F1", "COST", "QUASI-IDENTIFIERS")


def table(told: Frontier) -> str:
    """Return one line per step, and the raw features' line first."""
    raw = ("raw", "", "", "", _score(told.raw_macro_f1), "", "as collected, no one protected")
    lines = [HEAD, raw, *(_line(point) for point in told.points)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    rows = [
        "  ".join(
            cell.ljust(width) if i in {0, len(HEAD) - 1} else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    note = (
        f"{told.rows:,} records. K: people in the smallest group. UNICITY: people whom 4 of their events single out. "
        f"SUPPRESSED: rows in groups below {told.k} people. MACRO-F1: of a detector that learns the rest, on others."
    )
    return "\n".join([*rows, "", note])


def _line(point: Point) -> tuple[str, ...]:
    share = point.suppressed / point.rows
    return (
        str(point.step),
        f"{point.k:,}",
        f"{point.unicity:.1%}",
        f"{point.suppressed:,} ({share:.1%})",
        _score(point.macro_f1),
        _score(point.cost),
        point.treatment,
    )


def _score(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
