"""Lines stay in their frame, whatever the values."""

from __future__ import annotations

import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from custody.reporting.charts.trend import LARGE, SMALL, line, spark

RATES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def _points(svg: str) -> list[tuple[float, float]]:
    [points] = re.findall(r'points="([^"]*)"', svg)
    return [(float(x), float(y)) for x, y in (one.split(",") for one in points.split())]


@given(RATES, st.none() | st.floats(0, 1))
def test_a_spark_stays_in_its_frame(values: list[float], limit: float | None) -> None:
    points = _points(spark(values, limit))
    assert len(points) == len(values)
    assert all(0 <= x <= SMALL[0] and 0 <= y <= SMALL[1] for x, y in points)
    assert [x for x, _ in points] == sorted(x for x, _ in points)


@given(RATES, st.floats(0, 1))
def test_higher_stands_higher(values: list[float], limit: float) -> None:
    points = _points(line([(f"d{i}", value, True) for i, value in enumerate(values)], limit, "score"))
    assert all(0 <= y <= LARGE[1] for _, y in points)
    pairs = sorted(zip(values, (y for _, y in points), strict=True))
    assert all(low[1] >= high[1] - 0.11 for low, high in itertools.pairwise(pairs))


def test_a_refusal_is_another_mark_than_a_release() -> None:
    svg = line([("a", 0.9, True), ("b", 0.5, False)], 0.8, "score")
    assert svg.count("<circle") == 1
    assert svg.count('class="dot hollow"') == 1
