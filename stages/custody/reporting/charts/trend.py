"""A figure over past decisions: a small line in a table, or a larger one with its scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from custody.reporting.tags import Markup, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL: Final = (110, 24)
LARGE: Final = (340, 170)
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 14, 30


def spark(values: Sequence[float], limit: float | None = None) -> Markup:
    """Draw values from left to right, the last one as a dot; a dashed line at the limit where it is in sight."""
    width, height = SMALL
    low, high = _bounds(values, None)
    parts = []
    if limit is not None and low <= limit <= high:
        y = _y(limit, low, high, 3, height - 3)
        parts.append(tag("line", x1=0, y1=y, x2=width, y2=y, class_="limit"))
    xs = _xs(len(values), 3, width - 5)
    ys = [_y(value, low, high, 3, height - 3) for value in values]
    parts.append(_line(xs, ys))
    parts.append(tag("circle", cx=xs[-1], cy=ys[-1], r=2.5, class_="dot"))
    return tag("svg", *parts, viewBox=f"0 0 {width} {height}", class_="spark", aria_hidden="true")


def line(points: Sequence[tuple[str, float, bool]], limit: float, name: str) -> Markup:
    """Draw a figure from 0 to 1 over decisions: what stands below, value, released; a refusal is a hollow square."""
    width, height = LARGE
    low, high = _bounds([value for _, value, _ in points], limit)
    xs = _xs(len(points), LEFT + 6, width - RIGHT)
    ys = [_y(value, low, high, TOP, height - BOTTOM) for _, value, _ in points]
    parts = [*_scale(low, high, limit), _line(xs, ys)]
    for x, y, (_, _, released) in zip(xs, ys, points, strict=True):
        if released:
            parts.append(tag("circle", cx=x, cy=y, r=4, class_="dot"))
        else:
            parts.append(tag("rect", x=x - 4, y=y - 4, width=8, height=8, class_="dot hollow"))
    ends = ((0, "start"), (len(points) - 1, "end"))
    for i, anchor in ends if len(points) > 1 else ends[1:]:
        x = LEFT if anchor == "start" else width - RIGHT + 8
        parts.append(tag("text", points[i][0], x=x, y=height - 8, class_=f"tick {anchor}"))
    return tag("svg", *parts, viewBox=f"0 0 {width} {height}", class_="line", role="img", aria_label=name)


def _scale(low: float, high: float, limit: float) -> list[Markup]:
    width, height = LARGE
    parts = []
    for value in (low, high):
        y = _y(value, low, high, TOP, height - BOTTOM)
        parts.append(tag("line", x1=LEFT, y1=y, x2=width - 4, y2=y, class_="grid"))
        parts.append(tag("text", f"{value:.3f}", x=LEFT - 6, y=y + 4, class_="tick end"))
    y = _y(limit, low, high, TOP, height - BOTTOM)
    parts.append(tag("line", x1=LEFT, y1=y, x2=width - 4, y2=y, class_="limit"))
    parts.append(tag("text", f"at least {limit:g}", x=width - 4, y=y - 5, class_="tick end"))
    return parts


def _line(xs: Sequence[float], ys: Sequence[float]) -> Markup:
    return tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True)), class_="stroke")


def _bounds(values: Sequence[float], limit: float | None) -> tuple[float, float]:
    """Lowest and highest value, and the limit, with room for a flat line."""
    seen = [*values, *([] if limit is None else [limit])]
    low, high = min(seen), max(seen)
    margin = max((high - low) * 0.1, 0.001)
    return max(0.0, low - margin), min(1.0, high + margin) if high <= 1 else high + margin


def _xs(count: int, left: float, right: float) -> list[float]:
    return [right] if count == 1 else [left + (right - left) * i / (count - 1) for i in range(count)]


def _y(value: float, low: float, high: float, top: float, bottom: float) -> float:
    return bottom if high <= low else bottom - (bottom - top) * (value - low) / (high - low)
