"""Any part of a report becomes tables without loss of a name or a figure, up to the limit that is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.reporting.facts.tables import LINES, leaves, tables

PLAIN = st.none() | st.booleans() | st.integers(-99, 99) | st.text("abc", max_size=4)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("xyz", min_size=1), inner, max_size=4)
)


@pytest.mark.parametrize(
    ("value", "head", "lines"),
    [
        ({"a": 1, "b": {"c": 2}}, ("figure", "value"), (("a", 1), ("b.c", 2))),
        (
            {"ts": {"psi": 0.1}, "user": {"psi": 0.2, "new": 3}},
            ("", "psi", "new"),
            (("ts", 0.1, None), ("user", 0.2, 3)),
        ),
        ([{"code": "flood", "count": 7}], ("code", "count"), (("flood", 7),)),
        (5, ("figure", "value"), (("part", 5),)),
        (["a", "b"], ("figure", "value"), (("part", "a, b"),)),
    ],
)
def test_forms(value: Any, head: tuple[str, ...], lines: tuple[Any, ...]) -> None:
    [table] = tables("part", value)
    assert (table.name, table.head, table.lines, table.left_out) == ("part", head, lines, 0)


def test_nested_parts_are_tables_of_their_own() -> None:
    found = tables("drift", {"verdict": "applies", "columns": {"ts": {"psi": 0.1}}, "new": [{"column": "event"}]})
    assert [table.name for table in found] == ["drift", "drift.columns", "drift.new"]


@pytest.mark.parametrize("value", [None, [], {}])
def test_nothing_is_no_table(value: Any) -> None:
    assert tables("part", value) == ()


def test_a_long_table_is_cut_and_says_so() -> None:
    [table] = tables("part", {f"c{i}": {"n": i} for i in range(LINES + 5)})
    assert (len(table.lines), table.left_out) == (LINES, 5)


@given(VALUES)
def test_every_line_has_a_value_for_every_head(value: Any) -> None:
    for table in tables("part", value):
        assert all(len(line) == len(table.head) for line in table.lines)


@given(st.dictionaries(st.text("xyz", min_size=1, max_size=3), st.integers(), max_size=9))
def test_every_figure_of_a_map_is_there(value: dict[str, int]) -> None:
    assert dict(leaves(value)) == value
