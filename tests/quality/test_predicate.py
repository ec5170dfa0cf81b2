"""Predicates over two columns, or a column and a constant."""

from __future__ import annotations

import math
from typing import Any

import pytest

from custody.policy.quality import Predicate
from custody.quality.checks import predicate
from quality.collecting import Wrong, at, cells, listed

TEXT = Wrong("soon")


def judged(left: tuple[str, Any], op: Any, right: tuple[str, Any]) -> tuple[list[bool], list[bool]]:
    rule = Predicate(left="a", op=op, right="b")
    broken, applies = predicate.broken(cells(left[0], left[1]), cells(right[0], right[1]), rule)
    return listed(broken), listed(applies)


@pytest.mark.parametrize(
    ("op", "broken"),
    [
        ("<", [False, True, True]),
        ("<=", [False, False, True]),
        ("==", [True, False, True]),
        ("!=", [False, True, False]),
        (">=", [True, False, False]),
        (">", [True, True, False]),
    ],
)
def test_every_operator_says_what_must_hold(op: Any, broken: list[bool]) -> None:
    assert judged(("number", [1.0, 2.0, 3.0]), op, ("number", [2.0, 2.0, 2.0])) == (broken, [True] * 3)
    assert judged(("user", ["a", "b", "c"]), op, ("user", ["b", "b", "b"]))[0] == broken
    assert judged(("timestamp", [at(1), at(2), at(3)]), op, ("timestamp", [at(2)] * 3))[0] == broken


def test_it_applies_where_both_sides_are_present_and_a_wrong_side_breaks_it() -> None:
    left = [at(1), None, TEXT, TEXT, at(1)]
    right = [None, at(1), at(1), None, TEXT]
    broken, applies = judged(("timestamp", left), "!=", ("timestamp", right))
    assert applies == [False, False, True, False, True]
    assert broken == [False, False, True, False, True]


def test_a_number_that_is_none_breaks_even_what_it_does_not_equal() -> None:
    broken, _ = judged(("number", [math.nan, math.inf, 1.0]), "!=", ("number", [0.0, 0.0, 0.0]))
    assert broken == [True, True, False]


def test_integers_meet_numbers_without_an_error() -> None:
    broken, _ = judged(("integer", [1, 2**53 + 1, None]), "<=", ("number", [1.5, 0.0, 1.0]))
    assert broken == [False, True, False]


@pytest.mark.parametrize(
    ("kind", "values", "op", "constant", "broken"),
    [
        ("integer", [2**53 + 1, 2**53, None], "<=", 2.0**53, [True, False, False]),  # exact: no double in between
        ("integer", [0, 1], "<", 0.5, [False, True]),
        ("integer", [2**63 - 1], "<", 1e300, [False]),
        ("number", [0.5, math.nan, TEXT], ">=", 0, [False, True, True]),
        ("timestamp", [at(0), at(1)], "<=", "2026-10-01T00:00:00Z", [False, True]),
        ("category", ["a", "b", None], "!=", "b", [False, True, False]),
    ],
)
def test_a_constant_may_stand_at_the_right(
    kind: str, values: list[Any], op: Any, constant: Any, broken: list[bool]
) -> None:
    found, _ = predicate.broken(cells(kind, values), None, Predicate(left="a", op=op, value=constant))
    assert listed(found) == broken


def test_whole_numbers_beyond_2_to_the_53_are_told_apart() -> None:
    values = [2**53 + 1, 2**53, 2**63 - 1]
    broken, _ = predicate.broken(cells("integer", values), None, Predicate(left="a", op="==", value=2**53 + 1))
    assert listed(broken) == [False, True, True]
