"""Bars: shares of a whole with a mark at the limit, and totals one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from custody.reporting.tags import Markup, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 120
HEIGHT: Final = 10
LINE: Final = 40
PHONE: Final = 340


def share(value: float, *, limit: bool = False) -> Markup:
    """Draw a share from 0 to 1 as a bar; with `limit`, 1 is marked as what may not be passed, and more is cut there."""
    full = WIDTH - 8 if limit else WIDTH
    filled = min(full if not limit else WIDTH, max(0.0, value * full))
    parts = [tag("rect", x=0, y=0, width=WIDTH, height=HEIGHT, rx=2, class_="track")]
    if filled:
        kind = "fill over" if limit and value > 1 else "fill"
        parts.append(tag("rect", x=0, y=0, width=max(1.0, filled), height=HEIGHT, rx=2, class_=kind))
    if limit:
        parts.append(tag("line", x1=full, y1=-2, x2=full, y2=HEIGHT + 2, class_="limit"))
    return tag("svg", *parts, viewBox=f"0 -3 {WIDTH} {HEIGHT + 6}", class_="share", aria_hidden="true")


def ladder(steps: Sequence[tuple[str, int, bool]]) -> Markup:
    """Draw totals one below the other, for a narrow screen: name, records, and whether they went on."""
    largest = max((records for _, records, _ in steps), default=0)
    parts = []
    for i, (name, records, good) in enumerate(steps):
        y = i * LINE
        width = max(2.0, PHONE * records / largest) if records and largest else 0
        parts += [
            tag("text", name, x=0, y=y + 14, class_="name"),
            tag("text", f"{records:,}", x=PHONE, y=y + 14, class_="count end"),
            tag("rect", x=0, y=y + 20, width=PHONE, height=8, rx=2, class_="track"),
            tag("rect", x=0, y=y + 20, width=width, height=8, rx=2, class_="bar good" if good else "bar lost"),
        ]
    return tag(
        "svg", *parts, viewBox=f"0 0 {PHONE} {max(1, len(steps)) * LINE}", class_="ladder", role="img",
        aria_label="Records at each step; the table below has the same figures",
    )  # fmt: skip
