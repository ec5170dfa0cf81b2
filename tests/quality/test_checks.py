"""Checks of one column: a commented table of cases for each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.quality import Allowed, Complete, Finite, Length, Matches, Range, Type
from custody.quality.cells import Cells
from custody.quality.checks import CELLWISE, allowed, complete, finite, length, pattern, type  # noqa: A004  # policy's words
from custody.quality.checks import range as range_
from quality.collecting import Wrong, at, cells, listed

TEXT = Wrong("high")
CASES: list[tuple[str, str, Any, list[tuple[Any, bool]]]] = [
    # complete: only a missing cell breaks it; a wrong one is present
    ("complete", "number", Complete(), [(1.0, False), (None, True), (TEXT, False), (math.nan, False)]),
    ("complete", "user", Complete(), [("ann", False), (None, True)]),
    # type: what stands in the raw companion is of another type; so are NaN and the infinities
    ("type", "number", Type(), [(1.0, False), (None, False), (TEXT, True), (math.nan, True), (-math.inf, True)]),
    ("type", "ip", Type(), [("10.0.0.1", False), (None, False), (Wrong("999.1.1.1", "not_an_address"), True)]),
    ("type", "timestamp", Type(), [(at(0), False), (Wrong("02:30", "dst_gap"), True), (None, False)]),
    ("type", "integer", Type(), [(1, False), (Wrong('{"a":1}', "mixed"), True)]),
    ("type", "user", Type(), [("ann", False), (None, False)]),
    # finite
    ("finite", "number", Finite(), [(0.0, False), (math.nan, True), (math.inf, True), (-math.inf, True), (TEXT, True)]),
    ("finite", "integer", Finite(), [(0, False), (None, False), (TEXT, True)]),
    # range: both bounds are allowed, missing passes, wrong never does
    (
        "range",
        "number",
        Range(min=0, max=1),
        [(0.0, False), (1.0, False), (1.0000001, True), (-0.0, False), (-1e9, True)],
    ),
    (
        "range",
        "number",
        Range(max=1),
        [(None, False), (math.nan, True), (math.inf, True), (-math.inf, True), (TEXT, True)],
    ),
    (
        "range",
        "integer",
        Range(min=0.5, max=2.5),
        [(0, True), (1, False), (2, False), (3, True), (None, False), (TEXT, True)],
    ),
    # beyond 2**53 a double cannot tell neighbors apart; integers are compared as integers
    ("range", "integer", Range(max=2.0**53), [(2**53, False), (2**53 + 1, True), (2**63 - 1, True), (-(2**63), False)]),
    ("range", "integer", Range(max=1e300), [(2**63 - 1, False), (None, False)]),
    ("range", "integer", Range(min=1e300), [(2**63 - 1, True), (None, False)]),
    # times: without an offset UTC, with one converted
    ("range", "timestamp", Range(min="2026-10-01", max="2026-10-01T02:00:10+02:00"), [(at(0), False), (at(-1), True)]),
    ("range", "timestamp", Range(max="2026-10-01T02:00:10+02:00"), [(at(10), False), (at(11), True), (None, False)]),
    # allowed
    ("allowed", "category", Allowed(values=("a", "200")), [("a", False), ("200", False), ("b", True), (None, False)]),
    ("allowed", "category", Allowed(values=("a",)), [("A", True), ("a ", True), ("", True)]),
    ("allowed", "integer", Allowed(values=("0", "1")), [(0, False), (2, True), (None, False), (TEXT, True)]),
    ("allowed", "number", Allowed(values=("0.5",)), [(0.5, False), (0.6, True), (math.nan, True), (TEXT, True)]),
    ("allowed", "boolean", Allowed(values=("true",)), [(True, False), (False, True), (None, False)]),
    ("allowed", "timestamp", Allowed(values=("2026-10-01",)), [(at(0), False), (at(1), True), (None, False)]),
    # pattern: the whole text, and nothing after a line break
    ("pattern", "user", Matches(regex="[a-z]+"), [("ann", False), ("ann1", True), ("ann\n", True), (None, False)]),
    ("pattern", "user", Matches(regex="a|b"), [("a", False), ("b", False), ("ab", True), ("", True)]),
    ("pattern", "email", Matches(regex=".*@.*"), [("a@b", False), (Wrong("x@@y", "not_an_email"), True)]),
    # length: characters, not bytes
    (
        "length",
        "user",
        Length(min=2, max=3),
        [("é", True), ("éé", False), ("ééé", False), ("éééé", True), (None, False)],
    ),
    ("length", "user", Length(min=1), [("", True), ("a", False)]),
    ("length", "user", Length(max=0), [("", False), ("a", True)]),
    ("length", "ip", Length(max=15), [("10.0.0.1", False), (Wrong("x", "not_an_address"), True)]),
]


@pytest.mark.parametrize(("check", "kind", "rule", "cases"), CASES)
def test_a_check_breaks_exactly_where_its_table_says(check: str, kind: str, rule: Any, cases: list[Any]) -> None:
    column = cells(kind, [value for value, _ in cases])
    assert listed(CELLWISE[check](column, rule)) == [broken for _, broken in cases]


def test_every_cellwise_check_has_a_table() -> None:
    assert {check for check, *_ in CASES} == set(CELLWISE)


def test_a_check_takes_a_column_of_no_records() -> None:
    for check, kind, rule, _ in CASES:
        assert listed(CELLWISE[check](cells(kind, []), rule)) == []


def test_what_stands_under_a_null_is_not_looked_at() -> None:
    values = pa.Array.from_buffers(
        pa.float64(), 2, [pa.py_buffer(b"\x02"), pa.py_buffer(np.array([9.0, 0.5]).tobytes())]
    )
    assert values.to_pylist() == [None, 0.5]
    assert listed(range_.broken(Cells(values), Range(max=1))) == [False, False]


def test_a_rule_that_does_not_fit_the_column_is_no_silent_pass() -> None:
    for kind, value, rule in (("user", "a", Range(min=0)), ("integer", 1, Range(min="2026-01-01"))):
        with pytest.raises(TypeError):
            range_.broken(cells(kind, [value]), rule)
    with pytest.raises(TypeError):
        range_.broken(cells("timestamp", [at(0)]), Range(max=1))
    with pytest.raises(ValueError, match="could not convert"):
        allowed.broken(cells("number", [1.0]), Allowed(values=("one",)))
    with pytest.raises(pa.ArrowNotImplementedError):
        pattern.broken(cells("number", [1.0]), Matches(regex="1"))
    with pytest.raises(pa.ArrowNotImplementedError):
        length.broken(cells("number", [1.0]), Length(max=1))


NUMBERS = st.one_of(st.none(), st.floats(), st.builds(Wrong, st.text(max_size=3)))


def is_number(value: Any) -> bool:
    return not isinstance(value, Wrong) and math.isfinite(value)


@given(st.lists(NUMBERS), st.floats(-2, 2), st.floats(-2, 2))
def test_a_missing_cell_breaks_completeness_alone_and_a_wrong_one_everything_else(
    values: list[Any], one: float, other: float
) -> None:
    column, rule = cells("number", values), Range(min=min(one, other), max=max(one, other))
    missing = np.array([value is None for value in values], dtype=bool)
    wrong = np.array([value is not None and not is_number(value) for value in values], dtype=bool)
    found = [complete.broken(column, Complete()), type.broken(column, Type()), finite.broken(column, Finite())]
    assert listed(found[0]) == listed(missing)
    assert listed(found[1]) == listed(found[2]) == listed(wrong)
    outside = range_.broken(column, rule)
    assert not (outside & missing).any()
    assert outside[wrong].all()
    right = [value for value, skip in zip(values, missing | wrong, strict=True) if not skip]
    assert listed(outside[~(missing | wrong)]) == [not min(one, other) <= value <= max(one, other) for value in right]


def test_bounds_of_integers_are_exact_beyond_2_to_the_53() -> None:
    column = cells("integer", [2**53 + 1, 2**53 + 2])
    assert listed(range_.broken(column, Range(max=2**53 + 1))) == [False, True]
    assert listed(range_.broken(column, Range(min=2**53 + 2))) == [True, False]
