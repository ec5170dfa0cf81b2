"""How far two distributions are apart, and how far by chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.quality.drift.chance import chi_square
from custody.quality.drift.comparing import schema
from custody.quality.drift.divergence import OF_PSI, divergence, is_chance, pooled
from custody.quality.drift.psi import by_chance, grouped, psi
from custody.quality.profile.histogram import buckets, counted
from custody.quality.wilson import interval

COUNTS = st.lists(st.integers(0, 1000), min_size=2, max_size=8)


@pytest.mark.parametrize(
    ("freedom", "confidence", "table"),
    [(1, 0.95, 3.841), (2, 0.95, 5.991), (9, 0.95, 16.919), (9, 0.999, 27.877), (23, 0.999, 49.728)],
)
def test_quantiles_are_those_of_the_tables(freedom: int, confidence: float, table: float) -> None:
    assert chi_square(freedom, confidence) == pytest.approx(table, rel=0.03)
    assert chi_square(0, confidence) == 0


def test_the_index_is_that_of_the_textbook() -> None:
    before, after = (1000, 1000, 2000), (1500, 1000, 1500)
    p, q = np.array(before) / 4000, np.array(after) / 4000
    assert psi((before, after)) == pytest.approx(float(((q - p) * np.log(q / p)).sum()), abs=1e-3)


@given(COUNTS)
def test_equal_distributions_do_not_differ(counts: list[int]) -> None:
    assert psi((tuple(counts), tuple(counts))) == 0
    assert divergence((tuple(counts), tuple(counts))) == pytest.approx(0, abs=1e-12)


@given(COUNTS, COUNTS)
def test_the_divergence_lies_between_zero_and_one_and_is_symmetric(one: list[int], other: list[int]) -> None:
    size = min(len(one), len(other))
    cells = tuple(one[:size]), tuple(other[:size])
    assert 0 <= divergence(cells) <= 1 + 1e-12
    assert divergence(cells) == pytest.approx(divergence((cells[1], cells[0])), abs=1e-12)


def test_nothing_in_common_is_one_bit() -> None:
    assert divergence(((5, 0), (0, 7))) == pytest.approx(1)


@pytest.mark.parametrize(("n", "m"), [(200, 200), (200, 20_000), (5_000, 1_000)])
def test_samples_of_one_distribution_cross_the_threshold_as_often_as_promised(n: int, m: int) -> None:
    """A fixed 0.1 would be crossed by most pairs of 200 records; the calibrated threshold by about one in twenty."""
    draw = np.random.default_rng(3)
    crossed = fixed = chance = 0
    for _ in range(300):
        before, after = (counted(buckets(np.exp(draw.normal(size=size)))) for size in (n, m))
        cells = grouped(before, after)
        crossed += psi(cells) > by_chance(cells, 0.95)
        fixed += psi(cells) > 0.1
        names = [{str(bucket // 8): 0 for bucket in (*before, *after)} for _ in range(2)]
        for one, side in zip(names, (before, after), strict=True):
            for bucket, count in side.items():
                one[str(bucket // 8)] += count
        chance += not is_chance(pooled(*names), 0.95)
    assert crossed <= 30
    assert chance <= 30
    assert fixed > 30 or n > 200 or m > 200


def test_for_small_differences_the_divergence_is_a_fixed_part_of_the_index() -> None:
    cells = (50_000, 50_000), (50_500, 49_500)
    assert divergence(cells) == pytest.approx(psi(cells) * OF_PSI, rel=0.01)


def test_schemas_are_compared_by_name_and_type() -> None:
    changes = schema({"a": "text", "b": "number", "c": "ip"}, {"b": "integer", "c": "ip", "d": "text"})
    assert changes == {"a": "removed", "b": "retyped", "d": "added"}


def test_the_interval_is_that_of_wilson() -> None:
    low, high = interval(8, 10, 0.95)
    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)
    assert interval(0, 0) == (0, 1)
