"""The accounting as a flow (Sankey 1898): bands as wide as the records that take that way, from left to right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from custody.reporting.tags import Markup, join, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.reporting.facts.accounting import Flow

WIDTH: Final = 1000
HEIGHT: Final = 300
"""Of the bands; names need more where there are many places."""
SLOT: Final = 44
"""Least height of a place, so that its two lines of text stand clear of the next."""
BAR: Final = 14
THIN: Final = 2.0
MOST: Final = 8
"""Sources drawn one by one; the smallest share a band."""
COLUMNS: Final[tuple[tuple[str, ...], ...]] = (
    ("collected", "malformed", "skipped"),
    ("accepted", "quarantined"),
    ("released", "refused", "suppressed", "withheld"),
)
LEFT: Final = (0, 330, 590, 820)
GOOD: Final = frozenset({"collected", "accepted", "released"})


@dataclass
class _Place:
    """A place in a column: where its bar stands, and how much of each side is taken."""

    name: str
    records: int
    x: float
    top: float
    height: float
    left: float = 0.0
    right: float = 0.0


def flow(flows: Sequence[Flow]) -> Markup:
    """Draw all flows; their text stands in the table beside it, so that the drawing itself is hidden from readers."""
    folded = _folded(flows)
    columns = _columns(folded)
    largest = max((sum(records for _, records in column) for column in columns), default=0)
    if not largest:
        return Markup()
    scale = HEIGHT / largest
    places = {place.name: place for i, column in enumerate(columns) for place in _stack(column, LEFT[i], scale)}
    bottom = max(place.top + max(place.height, SLOT) for place in places.values())
    order = {name: i for i, name in enumerate(places)}  # bands that leave and arrive from top to bottom cross least
    bands = [
        _band(places[start], places[end], records * scale, end)
        for start, end, records in sorted(folded, key=lambda one: (order[one[0]], order[one[1]]))
    ]
    marks = [_mark(place) for place in places.values()]
    return tag(
        "svg", *bands, *marks, viewBox=f"0 0 {WIDTH} {round(bottom) + 8}", class_="flow", role="img",
        aria_label="Flow of records from the sources to the release; the table below has the same figures",
    )  # fmt: skip


def _folded(flows: Sequence[Flow]) -> list[tuple[str, str, int]]:
    """Flows by their names, the smallest sources beyond MOST as one."""
    inner = {name for column in COLUMNS for name in column}
    totals: dict[str, int] = {}
    for one in flows:
        if one.start not in inner:
            totals[one.start] = totals.get(one.start, 0) + one.records
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    kept = set(ranked if len(ranked) <= MOST else ranked[: MOST - 1])
    other = f"{len(ranked) - len(kept)} other sources"
    summed: dict[tuple[str, str], int] = {}
    for one in flows:
        start = one.start if one.start in inner else f"source {one.start}" if one.start in kept else other
        summed[start, one.end] = summed.get((start, one.end), 0) + one.records
    return [(start, end, records) for (start, end), records in summed.items()]


def _columns(flows: Sequence[tuple[str, str, int]]) -> list[list[tuple[str, int]]]:
    ends: dict[str, int] = {}
    starts: dict[str, int] = {}
    for start, end, records in flows:
        ends[end] = ends.get(end, 0) + records
        starts[start] = starts.get(start, 0) + records
    sources = sorted(((name, n) for name, n in starts.items() if name not in ends), key=lambda one: (-one[1], one[0]))
    return [sources, *([(name, ends[name]) for name in column if name in ends] for column in COLUMNS)]


def _stack(column: Sequence[tuple[str, int]], x: float, scale: float) -> list[_Place]:
    placed, top = [], 0.0
    for name, records in column:
        height = max(THIN, records * scale)
        placed.append(_Place(name, records, x, top, height))
        top += max(height + 10, SLOT)
    return placed


def _band(start: _Place, end: _Place, width: float, name: str) -> Markup:
    width = max(1.0, width)
    y, to = start.top + start.right, end.top + end.left
    start.right += width
    end.left += width
    x, far = start.x + BAR, end.x
    middle = (x + far) / 2
    path = (
        f"M{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {to:.1f} {far:.1f} {to:.1f}"
        f"V{to + width:.1f}C{middle:.1f} {to + width:.1f} {middle:.1f} {y + width:.1f} {x:.1f} {y + width:.1f}Z"
    )
    return tag("path", d=path, class_="band good" if name in GOOD else "band lost")


def _mark(place: _Place) -> Markup:
    kind = "bar good" if place.name in GOOD else "bar source" if place.x == 0 else "bar lost"
    x = place.x + BAR + 8
    return join(
        tag("rect", x=place.x, y=place.top, width=BAR, height=place.height, rx=2, class_=kind),
        tag("text", place.name, x=x, y=place.top + 15, class_="name"),
        tag("text", f"{place.records:,}", x=x, y=place.top + 33, class_="count"),
    )
