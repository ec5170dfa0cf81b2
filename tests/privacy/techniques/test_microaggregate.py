from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.techniques import Microaggregate
from custody.privacy import risk
from custody.privacy.techniques import microaggregate
from custody.privacy.techniques.given import Given
from support import ZONE

SEED = 7
ROWS = st.lists(
    st.tuples(st.none() | st.integers(-5, 5) | st.floats(-5, 5, width=16), st.none() | st.sampled_from("abcdef")),
    max_size=25,
)


def pairs(rows: Sequence[tuple[Any, str | None]], held: pa.DataType) -> risk.Groups:
    keyed, present = microaggregate.keys(pa.array([row[0] for row in rows], held))
    subjects = pa.chunked_array([pa.array([row[1] for row in rows], pa.string())]).filter(pa.array(present))
    return risk.summarize(keyed[present], subjects, SEED)


def means(rows: Sequence[tuple[Any, str | None]], size: int, held: pa.DataType, cut: int | None = None) -> list[Any]:
    """Return what is released for each row, the groups learnt in two parts where `cut` is given."""
    parts = [rows] if cut is None else [rows[:cut], rows[cut:]]
    found = microaggregate.classes(risk.merge([pairs(part, held) for part in parts]), size, held)
    column = Microaggregate(role="quasi", technique="microaggregate", size=size)
    values = pa.array([row[0] for row in rows], held)
    done = microaggregate.apply(values, column, "number", ZONE, Given(classes=found))
    assert done.type == held
    listed: list[Any] = done.to_pylist()
    return listed


def test_neighbours_become_their_mean() -> None:
    rows = [(1, "a"), (2, "b"), (3, "c"), (10, "d"), (20, "e"), (30, "f")]
    assert means(rows, 3, pa.int64()) == [2, 2, 2, 20, 20, 20]
    assert means(rows, 3, pa.float64()) == [2.0, 2.0, 2.0, 20.0, 20.0, 20.0]


def test_people_count_and_not_records() -> None:
    """Five records of one person are no group of five."""
    rows = [*[(value, "a") for value in range(5)], (10, "b"), (11, "c"), (12, "d")]
    assert means(rows, 2, pa.int64()) == [3, 3, 3, 3, 3, 3, 12, 12]


def test_what_is_left_at_the_end_joins_the_last_group() -> None:
    assert means([(1, "a"), (2, "b"), (3, "c")], 2, pa.int64()) == [2, 2, 2]


def test_equal_values_are_never_parted() -> None:
    rows = [(1, "a"), (1, "b"), (1, "c"), (1, "d"), (9, "e"), (9, "f")]
    assert means(rows, 2, pa.int64()) == [1, 1, 1, 1, 9, 9]


@pytest.mark.parametrize("rows", [[], [(1, "a")], [(1, "a"), (2, "a")], [(1, None)] * 9, [(None, "a"), (None, "b")]])
def test_too_few_people_leave_every_cell_empty(rows: Sequence[tuple[Any, str | None]]) -> None:
    assert means(rows, 2, pa.int64()) == [None] * len(rows)


def test_what_is_not_finite_is_left_empty_and_minus_zero_is_zero() -> None:
    rows = [(0.0, "a"), (-0.0, "b"), (math.nan, "c"), (math.inf, "d"), (-math.inf, "e")]
    assert means(rows, 2, pa.float64()) == [0.0, 0.0, None, None, None]


def test_the_largest_numbers_do_not_run_over() -> None:
    assert means([(2**63 - 1, "a"), (2**63 - 3, "b")], 2, pa.int64()) == [2**63 - 2] * 2
    assert means([(-(2**63), "a"), (2**63 - 1, "b")], 2, pa.int64()) == [0, 0]  # -1/2 is rounded up
    assert means([(1.7e308, "a"), (1.7e308, "b")], 2, pa.float64()) == [1.7e308] * 2


def test_times_have_a_mean_too() -> None:
    held = pa.timestamp("us", "UTC")
    rows: Sequence[tuple[Any, str | None]] = [(dt.datetime(2026, 1, day, tzinfo=dt.UTC), str(day)) for day in (1, 3)]
    assert {str(one) for one in means(rows, 2, held)} == {"2026-01-02 00:00:00+00:00"}


def test_without_the_groups_it_stops() -> None:
    column = Microaggregate(role="quasi", technique="microaggregate", size=2)
    with pytest.raises(CustodyError, match="groups of the data set"):
        microaggregate.apply(pa.array([1]), column, "integer", ZONE, Given())


@given(ROWS, st.integers(2, 4), st.integers(0, 25))
def test_every_released_value_is_shared_by_enough_people_whatever_the_partition(
    rows: Sequence[tuple[Any, str | None]], size: int, cut: int
) -> None:
    released = means(rows, size, pa.float64())
    assert released == means(rows, size, pa.float64(), cut)
    mixed = random.Random(0).sample(range(len(rows)), len(rows))  # noqa: S311  # an order, no secret
    assert [released[i] for i in mixed] == means([rows[i] for i in mixed], size, pa.float64())
    people = {one[1] for one in rows if one[0] is not None and one[1]}
    assert [one is None for one in released] == [one[0] is None or len(people) < size for one in rows]
    for value in {*released} - {None}:
        group = {row[1] for row, one in zip(rows, released, strict=True) if one == value and row[1]}
        assert len(group) >= size


@given(ROWS)
def test_groups_are_intervals(rows: Sequence[tuple[Any, str | None]]) -> None:
    known = sorted(
        (row[0], one) for row, one in zip(rows, means(rows, 2, pa.float64()), strict=True) if one is not None
    )
    assert [one for _, one in known] == sorted(one for _, one in known)
