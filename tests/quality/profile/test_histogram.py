"""Buckets of numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from custody.quality.profile.histogram import ZERO, added, buckets, counted, low

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def _bucket(number: float) -> int:
    return int(buckets(np.array([number]))[0])


@given(FINITE, FINITE)
def test_buckets_are_in_the_order_of_numbers(one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert _bucket(small) <= _bucket(large)


@given(st.floats(min_value=1e-300, max_value=1e300))
def test_a_bucket_is_at_most_an_eighth_wide(number: float) -> None:
    start = low(_bucket(number))
    assert start <= number < start * (1 + 1 / 8) * (1 + 1e-12)
    assert low(_bucket(-number)) == -start


def test_both_zeros_and_the_smallest_numbers_have_their_places() -> None:
    assert _bucket(0.0) == _bucket(-0.0) == ZERO
    assert low(ZERO) == 0
    assert len({_bucket(float(number)) for number in range(-8, 9)}) == 17
    assert _bucket(-1.0) < _bucket(0.0) < _bucket(1.0)


@given(st.lists(FINITE), st.integers(0, 50))
def test_histograms_of_parts_add_up_to_that_of_the_whole(numbers: list[float], cut: int) -> None:
    whole = counted(buckets(np.array(numbers, dtype=np.float64)))
    parts = [counted(buckets(np.array(part, dtype=np.float64))) for part in (numbers[:cut], numbers[cut:])]
    assert added(parts) == whole
    assert sum(whole.values()) == len(numbers)
