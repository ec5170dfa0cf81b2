"""Bars never leave their track."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from custody.reporting.charts.bars import PHONE, WIDTH, ladder, share


@given(st.floats(0, 1e9), st.booleans())
def test_a_share_stays_in_its_track(value: float, limit: bool) -> None:  # noqa: FBT001
    widths = [float(one) for one in re.findall(r'width="([\d.]+)"', share(value, limit=limit))]
    assert max(widths) == WIDTH


def test_over_the_limit_looks_different_from_at_it() -> None:
    assert "over" in share(1.01, limit=True)
    assert "over" not in share(1.0, limit=True)
    assert "fill" not in share(0.0)


def test_a_single_record_among_many_is_seen() -> None:
    widths = re.findall(
        r'width="([\d.]+)" height="8" rx="2" class="bar lost"', ladder([("a", 10**9, True), ("b", 1, False)])
    )
    assert widths == ["2"]
    assert f'width="{PHONE}" height="8" rx="2" class="bar good"' in ladder([("a", 10**9, True)])
    assert ladder([])
