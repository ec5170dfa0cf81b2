from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy import distinct

HASHES = st.lists(st.integers(0, 2**64 - 1), max_size=80)
LIMIT = 8


def made(values: list[int], limit: int = distinct.LIMIT) -> distinct.Sample:
    return distinct.sample(np.array(values, dtype=np.uint64), len(values), limit)


def state(sample: distinct.Sample) -> tuple[list[int], int, int]:
    return sample.kept.tolist(), sample.level, sample.rows


@settings(deadline=None)
@given(HASHES)
def test_few_values_are_counted_exactly(values: list[int]) -> None:
    assert made(values).distinct == len(set(values))


@settings(deadline=None)
@given(HASHES, st.lists(st.integers(0, 80), max_size=4))
def test_chunks_equal_the_whole_even_beyond_the_limit(values: list[int], cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(values)]
    parts = [made(values[low:high], LIMIT) for low, high in pairwise(edges)]
    assert state(distinct.merge(parts, LIMIT)) == state(made(values, LIMIT))
    stepwise = distinct.EMPTY
    for part in reversed(parts):
        stepwise = distinct.merge([stepwise, part], LIMIT)
    assert state(stepwise) == state(made(values, LIMIT))


@settings(deadline=None)
@given(HASHES)
def test_memory_is_bounded_and_no_count_exceeds_rows(values: list[int]) -> None:
    sample = made(values, LIMIT)
    assert len(sample.kept) <= LIMIT
    assert sample.distinct <= len(values)


def test_an_estimate_is_within_a_few_percent() -> None:
    values = np.random.default_rng(7).integers(0, 2**64, 200_000, dtype=np.uint64)
    sample = distinct.sample(np.concatenate([values, values]), 400_000, limit=4096)
    assert abs(sample.distinct / 200_000 - 1) < 0.08


def test_nothing_has_no_distinct_value() -> None:
    assert distinct.merge([]).distinct == 0
    assert made([]).distinct == 0
