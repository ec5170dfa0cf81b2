"""Published figures as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.statistics.measuring import Figure
    from custody.statistics.publishing import Published


def table(told: Published) -> str:
    """Return the figures, one per line, and what they cost."""
    lines = [("STATISTIC", "VALUE", "95% WITHIN"), *(line for figure in told.figures for line in _lines(figure))]
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    rows = [f"{name:<{widths[0]}}  {value:>{widths[1]}}  {within:>{widths[2]}}" for name, value, within in lines]
    return "\n".join([*rows, "", *_costs(told)])


def _lines(figure: Figure) -> Iterator[tuple[str, str, str]]:
    within = f"± {figure.within:,.6g}"
    if isinstance(figure.values, dict):
        for name, value in figure.values.items():
            yield f"{figure.name}: {name}", f"{value:,}", within
    else:
        yield figure.name, f"{figure.values:,}", within


def _costs(told: Published) -> Iterator[str]:
    yield (
        f"differential privacy: ε = {told.epsilon:g}, δ = {told.delta:g} per subject ({told.subject}), "
        f"of whom at most {told.records:,} records count"
    )
    yield f"left of privacy.budget: ε = {told.left[0]:g}, δ = {told.left[1]:g}; commit .custody/budget.json"
