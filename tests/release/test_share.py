"""Shares are compared exactly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from custody.release import share


def test_a_share_below_one_never_shows_as_one() -> None:
    assert share.of(9_999_999, 10_000_000) == 0.999999
    assert share.of(10_000_000, 10_000_000) == 1.0


def test_a_decimal_threshold_is_met_exactly() -> None:
    assert share.reaches(3, 10, 0.3)
    assert not share.exceeds(3, 10, 0.3)
    assert share.reaches(7, 100, 0.07)


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.95, 1.0]))
def test_reaching_and_exceeding_differ_only_at_the_threshold(part: int, whole: int, threshold: float) -> None:
    part = min(part, whole)
    at = part * 100 == round(threshold * 100) * whole
    assert share.reaches(part, whole, threshold) == (share.exceeds(part, whole, threshold) or at)
