"""Figures of a column tell no value of it."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from custody.profiling.measures import edges, measures, pattern, span
from custody.profiling.types import Typed


def _numbers(values: list[float]) -> Typed:
    return Typed("number", pa.array(values, pa.float64()), 1.0, "numbers")


def test_shares_of_present_and_distinct_values() -> None:
    found = measures(pa.array(["a", "b", "a", None]))
    assert (found.records, found.present, found.distinct, found.complete) == (4, 3, 2, 0.75)
    assert measures(pa.array([], pa.string())).unique == 0


@given(st.lists(st.floats(-1e9, 1e9), min_size=20, max_size=200))
def test_a_range_holds_all_but_the_tails(values: list[float]) -> None:
    found = span(_numbers(values))
    assert found is not None
    assert found[0] <= found[1]
    inside = sum(found[0] <= value <= found[1] for value in values)
    assert inside >= len(values) - 2


def test_one_outlier_does_not_stretch_a_range() -> None:
    low, high = span(_numbers([*(float(i % 500) for i in range(5_000)), 987654321.0])) or (0, 0)
    assert (low, high) == (0.0, 530.0)


def test_too_few_numbers_have_no_range_and_no_bins() -> None:
    assert span(_numbers([1.0] * 19)) is None
    assert edges(_numbers([1.0] * 19)) == ()


@given(st.lists(st.floats(0, 120), min_size=20, max_size=100))
@example([0.0] * 17 + [1.0, 1.0, 5e-324])
def test_bins_ascend(values: list[float]) -> None:
    found = edges(_numbers(values))
    assert list(found) == sorted(set(found))


@pytest.mark.parametrize(
    ("values", "regex"),
    [
        ([f"host-{i}" for i in range(30)], r"[A-Za-z]+\-[0-9]+"),
        ([f"{i:032x}" for i in range(30)], "[0-9a-f]{32}"),
        (["alice", "bob", "carol"] * 10, None),
        (["a-1", "b 2", "c_3"] * 10, None),
        ([f"v{i}.{i}" for i in range(10)], None),
        (["ä-1"] * 30, None),
    ],
)
def test_patterns_are_classes_of_characters(values: list[str], regex: str | None) -> None:
    assert pattern(pa.array(values)) == regex
