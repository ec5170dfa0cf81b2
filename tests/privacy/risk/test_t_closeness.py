from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.risk import t_closeness
from custody.privacy.risk.classes import classes
from privacy.risk import brute
from privacy.risk.tables import NUMBERS, ROWS, summary

SALARY = [float(thousands) for thousands in range(3, 12)]
"""3k to 11k, as in section 4 of Li, Li and Venkatasubramanian 2007."""


@given(ROWS)
def test_distance_without_an_order_is_that_of_counting(rows: list[brute.Row]) -> None:
    found, expected = t_closeness.measure(classes(summary(rows), 0), ordered=False), brute.t(rows, None)
    assert found == (None if expected is None else pytest.approx(expected, abs=1.1e-6))


@given(NUMBERS)
def test_distance_of_numbers_is_that_of_counting(rows: list[brute.Row]) -> None:
    values = {value for _, _, value in rows if isinstance(value, float)}
    expected = brute.t(rows, [None, *sorted(values)])
    found = t_closeness.measure(classes(summary(rows, ordered=True), 0), ordered=True)
    assert found == (None if expected is None else pytest.approx(expected, abs=1.1e-6))


@given(ROWS)
def test_distance_of_listed_words_is_that_of_counting(rows: list[brute.Row]) -> None:
    order = ("flu", "", "cold")
    found = t_closeness.measure(classes(summary(rows, ordered=order), 0), ordered=True)
    expected = brute.t(rows, [None, *order])
    assert found == (None if expected is None else pytest.approx(expected, abs=1.1e-6))


@given(ROWS, st.sampled_from([0.0, 0.1, 0.25, 0.5]))
def test_groups_above_are_those_of_counting(rows: list[brute.Row], most: float) -> None:
    groups = brute.told(rows)
    whole = brute.shares(brute.told([(None, subject, value) for _, subject, value in rows])[None])
    far = [group for group, values in groups.items() if brute.distance(brute.shares(values), whole, None) > most]
    assert len(t_closeness.above(classes(summary(rows), 0), most, ordered=False)) == len(far)


@pytest.mark.parametrize(("group", "distance"), [([3.0, 4.0, 5.0], 0.375), ([6.0, 8.0, 11.0], 1 / 6)])
def test_the_paper_gives_these_distances(group: list[float], distance: float) -> None:
    """Salaries 3k to 11k: {3k, 4k, 5k} is at 0.375, {6k, 8k, 11k} at 0.167."""
    rest = [value for value in SALARY if value not in group]
    rows: list[Any] = [("x", f"s{value}", value) for value in group] + [("rest", f"s{value}", value) for value in rest]
    told = classes(summary(rows, ordered=True), 0)
    found = dict(zip(told.group[told.starts].tolist(), t_closeness._distances(told, ordered=True), strict=True))
    own = {int(summary([row]).group[0]) for row in rows if row[0] == "x"}
    assert found[own.pop()] == pytest.approx(distance)


def test_a_column_of_one_value_is_at_no_distance() -> None:
    rows: list[brute.Row] = [("x", "ann", 1.0), ("y", "bob", 1.0)]
    assert t_closeness.measure(classes(summary(rows, ordered=True), 0), ordered=True) == 0.0
    assert t_closeness.measure(classes(summary(rows), 0), ordered=False) == 0.0
