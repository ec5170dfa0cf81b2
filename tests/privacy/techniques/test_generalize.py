from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.techniques import Generalize
from custody.privacy.techniques import generalize
from support import ZONE


def classes(values: list[Any], kind: pa.DataType, **how: Any) -> list[Any]:
    column = Generalize(role="quasi", technique="generalize", **how)
    result: list[Any] = generalize.apply(pa.array(values, kind), column, "number", ZONE).to_pylist()
    return result


CASES = [
    # value, class for bins 0, 10, 99.5
    (-0.1, "<0"),
    (0.0, "[0, 10)"),
    (-0.0, "[0, 10)"),
    (9.999, "[0, 10)"),
    (10.0, "[10, 99.5)"),  # a lower edge belongs to its class
    (99.5, "≥99.5"),
    (1e300, "≥99.5"),
    (None, None),
    (float("nan"), None),  # no class would be true
]


@pytest.mark.parametrize(("value", "label"), CASES)
def test_a_number_becomes_its_half_open_class(value: float | None, label: str | None) -> None:
    assert classes([value], pa.float64(), bins=(0.0, 10.0, 99.5)) == [label]


def test_integers_are_compared_exactly() -> None:
    edge = 2.0**53
    assert classes([2**53 - 1, 2**53, 2**53 + 1], pa.int64(), bins=(0.0, edge)) == [
        f"[0, {2**53})",
        f"≥{2**53}",
        f"≥{2**53}",
    ]
    assert classes([9, 10], pa.int64(), bins=(0.0, 9.5)) == ["[0, 9.5)", "≥9.5"]


def test_top_coding_lowers_what_is_larger_and_keeps_the_type() -> None:
    assert classes([1.5, 90.0, 120.0, None], pa.float64(), top=90.0) == [1.5, 90.0, 90.0, None]
    assert classes([1, 90, 120, None], pa.int64(), top=90.5) == [1, 90, 90, None]


def test_bottom_coding_raises_what_is_smaller_and_keeps_the_type() -> None:
    assert classes([1.5, -90.0, None], pa.float64(), bottom=0.0) == [1.5, 0.0, None]
    assert classes([1, 0, -7, None], pa.int64(), bottom=0.5) == [1, 1, 1, None]
    assert classes([-5, 3, 50], pa.int64(), bottom=0.0, top=10.0) == [0, 3, 10]


def test_top_coding_comes_before_bins() -> None:
    assert classes([120.0], pa.float64(), top=90.0, bins=(0.0, 100.0)) == ["[0, 100)"]


def test_a_prefix_counts_characters() -> None:
    assert classes(["90210", "ß日本", "", None], pa.string(), prefix=2) == ["90", "ß日", "", None]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6, unique=True), st.floats(-1e7, 1e7))
def test_every_number_is_in_the_class_it_gets(edges: list[float], value: float) -> None:
    (label,) = classes([value], pa.float64(), bins=tuple(sorted(edges)))
    if label[0] == "<":
        assert value < float(label[1:])
    elif label[0] == "≥":
        assert value >= float(label[1:])
    else:
        low, high = map(float, label[1:-1].split(", "))
        assert low <= value < high
