"""Rows of two releases, joined: every row is counted once on each side."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from custody.history.counts import IDS, POLICY, Counts
from custody.history.rows import compare

ROWS = st.dictionaries(st.integers(0, 8), st.one_of(st.none(), st.sampled_from([0.0, 1.0, float("nan")])), max_size=8)


def _table(rows: dict[int, float | None]) -> pa.Table:
    return pa.table(
        {
            "row_id": pa.array([f"{i:032x}" for i in rows], pa.string()),
            "value": pa.array(list(rows.values()), pa.float64()),
        }
    )


def _one(before: dict[str, pa.Table], after: dict[str, pa.Table]) -> Counts:
    [counts] = compare(before, after, lambda _: "file").values()
    return counts


@given(ROWS, ROWS)
def test_same_changed_added_and_removed_make_up_both_sides(
    old: dict[int, float | None], new: dict[int, float | None]
) -> None:
    counts = _one({"s-1-0": _table(old)}, {"s-1-0": _table(new)})
    both = counts.same + counts.changed
    assert both + counts.removed.total() == len(old)
    assert both + counts.added.total() == len(new)
    assert both == len(old.keys() & new.keys())
    assert (
        counts.changed == counts.columns["value"] == sum(repr(old[i]) != repr(new[i]) for i in old.keys() & new.keys())
    )


@given(ROWS, ROWS)
def test_rows_of_another_file_are_joined_by_their_values_once(
    old: dict[int, float | None], new: dict[int, float | None]
) -> None:
    counts = _one({"s-1-0": _table(old)}, {"s-2-0": _table(new)})
    before, after = sorted(map(repr, old.values())), sorted(map(repr, new.values()))
    assert counts.moved == sum(min(before.count(one), after.count(one)) for one in {*before})
    assert counts.moved + counts.removed["file"] == len(old)
    assert counts.moved + counts.added["file"] == len(new)


def test_rows_whose_ids_are_all_others_are_not_told_as_kept_out() -> None:
    counts = _one({"s-1-0": _table({1: 0.0})}, {"s-1-0": _table({2: 0.0})})
    assert (counts.removed, counts.added) == ({IDS: 1}, {IDS: 1})
    counts = _one({"s-1-0": _table({1: 0.0, 2: 1.0})}, {"s-1-0": _table({2: 1.0})})
    assert (counts.removed[POLICY], counts.same) == (1, 1)


def test_a_column_of_another_type_differs_where_a_value_stands() -> None:
    old = pa.table({"row_id": ["a", "b"], "x": pa.array([1, None], pa.int64())})
    new = pa.table({"row_id": ["b", "a"], "x": pa.array([None, "1"], pa.string())})
    counts = _one({"s-1-0": old}, {"s-1-0": new})
    assert (counts.changed, counts.same, counts.columns) == (1, 1, {"x": 1})


def test_sources_with_dashes_in_their_names_are_told_apart() -> None:
    one = _table({1: 0.0})
    assert sorted(compare({"a-b-1-0": one}, {"a-1-0": one}, lambda _: "source")) == ["a", "a-b"]
