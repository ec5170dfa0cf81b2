from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.risk import interval


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_bounds_are_those_of_newcombe(successes: int, trials: int, low: float, high: float) -> None:
    """Table I of Newcombe 1998 ("Two-sided confidence intervals for the single proportion"), method 3."""
    found = interval.wilson(successes, trials)
    assert [found.low, found.high] == pytest.approx([low, high], abs=6e-5)


@given(st.integers(0, 500), st.integers(1, 500))
def test_bounds_hold_the_share(successes: int, trials: int) -> None:
    found = interval.wilson(min(successes, trials), trials)
    assert 0 <= found.low <= found.value + 1e-6
    assert found.value - 1e-6 <= found.high <= 1


def test_without_a_trial_anything_is_possible() -> None:
    assert (interval.wilson(0, 0).low, interval.wilson(0, 0).high) == (0.0, 1.0)
    assert interval.excess((0, 0), (0, 0)).high == 1.0


@given(st.integers(0, 300), st.integers(0, 300))
def test_an_excess_lies_between_its_bounds(main: int, control: int) -> None:
    found = interval.excess((main, 300), (control, 300))
    assert 0 <= found.low <= found.high <= 1
    assert found.value <= found.high + 0.02


def test_an_attack_no_better_than_its_control_has_no_excess() -> None:
    found = interval.excess((100, 400), (100, 400))
    assert (found.value, found.low) == (0.0, 0.0)
    assert 0.05 < found.high < 0.12


def test_rounding_goes_outwards() -> None:
    assert (interval.up(0.1234561), interval.down(0.1234569)) == (0.123457, 0.123456)
    assert (interval.up(0.3), interval.down(0.3), interval.up(1.5), interval.down(-1.0)) == (0.3, 0.3, 1.0, 0.0)
