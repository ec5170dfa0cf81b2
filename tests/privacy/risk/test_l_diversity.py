from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.risk import l_diversity
from custody.privacy.risk.classes import classes
from privacy.risk import brute
from privacy.risk.tables import ROWS, summary


@given(ROWS)
def test_distinct_diversity_is_that_of_counting(rows: list[brute.Row]) -> None:
    assert l_diversity.measure(classes(summary(rows), 0)).distinct == brute.l_distinct(rows)


@given(ROWS)
def test_entropy_is_that_of_the_definition(rows: list[brute.Row]) -> None:
    effective = [
        math.exp(-sum(float(share) * math.log(share) for share in brute.shares(values).values()))
        for values in brute.told(rows).values()
    ]
    found = l_diversity.measure(classes(summary(rows), 0)).entropy
    assert found == (pytest.approx(min(effective), abs=1.1e-4) if effective else None)


@given(ROWS, st.integers(2, 4))
def test_groups_below_are_those_of_counting(rows: list[brute.Row], least: int) -> None:
    low = l_diversity.below(classes(summary(rows), 0), least, None)
    assert len(low) == sum(len(values) < least for values in brute.told(rows).values())


def test_a_hundred_events_of_one_person_make_no_value_common() -> None:
    rows: list[brute.Row] = [*[("x", "ann", "flu")] * 100, ("x", "bob", "cold"), ("x", "cid", "cold")]
    told = classes(summary(rows), 0)
    assert sorted(told.people.tolist()) == [1, 2]
    assert l_diversity.measure(told).entropy == pytest.approx(math.exp(0.6365), abs=1e-3)


def test_a_row_without_subject_adds_no_value() -> None:
    rows: list[brute.Row] = [("x", "ann", "flu"), ("x", "bob", "flu"), ("x", None, "cold")]
    assert l_diversity.measure(classes(summary(rows), 0)).distinct == 1


def test_a_null_is_a_value() -> None:
    rows: list[brute.Row] = [("x", "ann", "flu"), ("x", "bob", None)]
    assert l_diversity.measure(classes(summary(rows), 0)).distinct == 2


def test_without_anybody_nothing_is_measured() -> None:
    for rows in ([], [("x", None, "flu")]):
        assert l_diversity.measure(classes(summary(rows), 0)) == l_diversity.Diversity(None, None)
