"""The flow: widths are in proportion, nothing is drawn for nothing, many sources share a band."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from custody.reporting.charts.flow import HEIGHT, MOST, flow
from custody.reporting.facts.accounting import Flow


def _texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_names_and_counts_stand_beside_the_bars() -> None:
    svg = flow((Flow("edge", "collected", 90), Flow("edge", "malformed", 10), Flow("collected", "accepted", 90)))
    assert _texts(svg) == ["source edge", "100", "collected", "90", "malformed", "10", "accepted", "90"]
    heights = [float(one) for one in re.findall(r'<rect[^>]* height="([\d.]+)"', svg)]
    assert heights == [HEIGHT, HEIGHT * 0.9, HEIGHT * 0.1, HEIGHT * 0.9]


def test_nothing_is_drawn_for_nothing() -> None:
    assert flow(()) == ""


def test_many_sources_share_a_band() -> None:
    svg = flow([Flow(f"s{i}", "collected", i + 1) for i in range(30)])
    assert "23 other sources" in _texts(svg)
    assert sum(text.startswith("source ") for text in _texts(svg)) == MOST - 1
    assert f"{sum(range(1, 31)):,}" in _texts(svg)


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=12))
def test_bars_stand_clear_of_each_other(counts: list[int]) -> None:
    svg = flow([Flow(f"s{i}", "collected", count) for i, count in enumerate(counts)])
    bars = re.findall(r'<rect x="0" y="([\d.]+)" width="14" height="([\d.]+)"', svg)
    ends = [float(top) + float(height) for top, height in bars]
    assert all(end < float(top) for end, (top, _) in zip(ends, bars[1:], strict=False))


def test_a_source_called_like_a_step_is_not_that_step() -> None:
    svg = flow((Flow("accepted", "collected", 5), Flow("collected", "accepted", 5)))
    assert "collected" in _texts(svg)
