"""Shares are compared exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.quality.wilson import interval
from custody.release import share


def test_a_share_below_one_never_shows_as_one() -> None:
    assert share.of(9_999_999, 10_000_000) == 0.999999
    assert share.of(10_000_000, 10_000_000) == 1.0


def test_a_decimal_threshold_is_met_exactly() -> None:
    assert share.may_reach(3, 10, 0.3, 0.5)
    assert not share.exceeds(3, 10, 0.3)
    assert share.may_reach(7, 100, 0.07, 0.5)


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.95, 1.0]))
def test_reaching_and_exceeding_differ_only_at_the_threshold(part: int, whole: int, threshold: float) -> None:
    part = min(part, whole)
    at = part * 100 == round(threshold * 100) * whole
    assert share.may_reach(part, whole, threshold, 0.5) == (share.exceeds(part, whole, threshold) or at)


@pytest.mark.parametrize(
    ("held", "of", "least", "confidence", "passes"),
    [
        (200, 200, 1.0, 0.95, True),
        (199, 200, 1.0, 0.95, False),
        (194, 200, 0.98, 0.95, True),
        (193, 200, 0.98, 0.95, True),
        (192, 200, 0.98, 0.95, False),
        (192, 200, 0.98, 0.5, False),
        (195, 200, 0.98, 0.5, False),
        (9_799_000, 10_000_000, 0.98, 0.95, False),
        (9_799_300, 10_000_000, 0.98, 0.95, True),
        (1, 1, 0.999, 0.95, True),
        (0, 1, 0.5, 0.95, False),
    ],
)
def test_a_pass_rate_refuses_where_its_upper_wilson_bound_is_below(
    held: int,
    of: int,
    least: float,
    confidence: float,
    passes: bool,  # noqa: FBT001
) -> None:
    assert share.may_reach(held, of, least, confidence) is passes
    _, upper = interval(held, of, 2 * confidence - 1) if confidence > 0.5 else (0, held / of)
    assert (round(upper, 9) >= least and held > 0) is passes
