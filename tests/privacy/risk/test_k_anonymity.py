from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy import risk
from custody.privacy.merging import Merging
from custody.privacy.risk import groups as grouping

SEED = 0x1234_5678_9ABC_DEF0
ROW = st.tuples(
    st.sampled_from(["x", "y", "", None]),
    st.sampled_from([0.0, -0.0, 1.5, None]),
    st.sampled_from(["ann", "bob", "cid", "dan", None]),
)
ROWS = st.lists(ROW, max_size=40)
Row = tuple[str | None, float | None, str | None]


def tables(rows: list[Row]) -> tuple[pa.Table, pa.ChunkedArray]:
    quasi = pa.table(
        {
            "area": pa.array([row[0] for row in rows], pa.string()),
            "score": pa.array([row[1] for row in rows], pa.float64()),
        }
    )
    return quasi, pa.chunked_array([pa.array([row[2] for row in rows], pa.string())])


def summary(rows: list[Row]) -> risk.Groups:
    quasi, subjects = tables(rows)
    return risk.summarize(risk.groups_of(quasi, SEED), subjects, SEED)


def oracle(rows: list[Row]) -> pd.DataFrame:
    """Group sizes by pandas: one line per row with the subjects and rows of its group."""
    frame = pd.DataFrame(rows, columns=["area", "score", "who"])
    frame["score"] = frame["score"].astype(float)
    sizes = frame.groupby(["area", "score"], dropna=False)["who"]
    return pd.DataFrame({"subjects": sizes.transform("nunique"), "rows": sizes.transform("size")})


@settings(deadline=None)
@given(ROWS, st.integers(2, 5))
def test_rows_below_k_are_those_that_pandas_finds(rows: list[Row], k: int) -> None:
    small = risk.below(summary(rows), k)
    found = risk.contains(small, risk.groups_of(tables(rows)[0], SEED))
    assert found.tolist() == (oracle(rows)["subjects"] < k).tolist()


@settings(deadline=None)
@given(ROWS.filter(bool), st.integers(2, 5))
def test_figures_are_those_of_pandas(rows: list[Row], k: int) -> None:
    figures, expected = risk.measure(summary(rows), k), oracle(rows)
    groups = pd.DataFrame(rows, columns=["area", "score", "who"]).assign(**expected)
    groups["score"] = groups["score"].astype(float)
    one_each = groups.drop_duplicates(["area", "score"])
    assert figures.evaluated
    assert figures.k_smallest == one_each["subjects"].min()
    assert figures.groups == len(one_each)
    assert figures.groups_below == (one_each["subjects"] < k).sum()
    assert figures.rows_below == (expected["subjects"] < k).sum()
    assert figures.subjects == groups["who"].nunique()
    assert figures.rows_without_subject == groups["who"].isna().sum()


@settings(deadline=None)
@given(ROWS, st.lists(st.integers(0, 40), max_size=4), st.booleans())
def test_chunks_in_any_order_equal_the_whole(rows: list[Row], cuts: list[int], backwards: bool) -> None:  # noqa: FBT001
    edges = [0, *sorted(cuts), len(rows)]
    parts = [summary(rows[low:high]) for low, high in pairwise(edges)]
    merged = risk.merge(reversed(parts) if backwards else parts)
    assert risk.measure(merged, 3) == risk.measure(summary(rows), 3)
    assert risk.below(merged, 3).tolist() == risk.below(summary(rows), 3).tolist()


@settings(deadline=None)
@given(ROWS, st.integers(1, 9))
def test_merging_in_small_steps_changes_nothing(rows: list[Row], least: int) -> None:
    merging = Merging(risk.merge, len, least)
    for row in rows:
        merging.add(summary([row]))
    assert risk.measure(merging.total(), 2) == risk.measure(summary(rows), 2)


def test_what_is_left_after_suppression_holds() -> None:
    rows: list[Row] = [*(("x", 1.5, who) for who in ("ann", "bob", "cid")), ("y", 1.5, "ann"), ("y", 1.5, "ann")]
    quasi, _ = tables(rows)
    dropped = risk.contains(risk.below(summary(rows), 3), risk.groups_of(quasi, SEED))
    left = [row for row, drop in zip(rows, dropped, strict=True) if not drop]
    assert risk.measure(summary(rows), 3).k_smallest == 1
    assert risk.measure(summary(left), 3).k_smallest == 3


def test_many_rows_of_one_person_are_one_subject() -> None:
    figures = risk.measure(summary([("x", 1.5, "ann")] * 50), 2)
    assert (figures.k_smallest, figures.rows_below, figures.subjects) == (1, 50, 1)


def test_a_row_without_subject_hides_nobody() -> None:
    figures = risk.measure(summary([("x", 1.5, None), ("x", 1.5, None)]), 2)
    assert (figures.k_smallest, figures.groups_below, figures.rows_without_subject) == (0, 1, 2)


def test_without_quasi_columns_all_rows_are_one_group() -> None:
    rows: list[Row] = [("x", 1.5, "ann"), ("y", None, "bob"), ("x", 1.5, "ann")]
    quasi, subjects = tables(rows)
    empty = quasi.select([])
    groups = risk.groups_of(empty, SEED)
    assert len(groups) == 3
    figures = risk.measure(risk.summarize(groups, subjects, SEED), 2)
    assert (figures.groups, figures.k_smallest) == (1, 2)


def test_a_column_that_nobody_filled_tells_nobody_apart() -> None:
    subjects = pa.chunked_array([pa.array(["ann", "bob"])])
    for kind in (pa.null(), pa.string(), pa.float64(), pa.timestamp("us", "UTC")):
        groups = risk.groups_of(pa.table({"area": pa.array([None, None], kind)}), SEED)
        assert risk.measure(risk.summarize(groups, subjects, SEED), 2).k_smallest == 2


@settings(deadline=None)
@given(st.lists(st.sampled_from(["x", "y", "", None]), max_size=20), st.integers(0, 20))
def test_a_text_in_a_dictionary_hashes_as_any_text(texts: list[str | None], cut: int) -> None:
    plain = pa.chunked_array([pa.array(texts[:cut], pa.string()), pa.array(texts[cut:], pa.string())])
    encoded = pa.chunked_array([chunk.dictionary_encode() for chunk in plain.chunks])
    assert risk.hashes(encoded, SEED).tolist() == risk.hashes(plain, SEED).tolist()


@settings(deadline=None)
@given(ROWS)
def test_pairs_that_share_a_word_are_told_apart(rows: list[Row]) -> None:
    """As if every pair's sort key were the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "joined", lambda left, right: (left ^ right) & np.uint64(1))
        groups = np.array([["x", "y", "", None].index(row[0]) % 3 for row in rows], dtype=np.uint64)
        found = risk.summarize(groups, tables(rows)[1], SEED)
    assert len(found) == len({(group, row[2]) for group, row in zip(groups.tolist(), rows, strict=True)})
    assert found.rows.sum() == len(rows)


def test_a_null_is_not_an_empty_text() -> None:
    groups = risk.groups_of(pa.table({"a": pa.array(["", None]), "b": pa.array([None, ""])}), SEED)
    assert groups[0] != groups[1]


def test_values_belong_to_their_column() -> None:
    groups = risk.groups_of(pa.table({"a": ["x", "y"], "b": ["y", "x"]}), SEED)
    assert groups[0] != groups[1]


def test_order_of_columns_does_not_count() -> None:
    table = pa.table({"a": ["x", "y"], "b": [1, 2]})
    assert risk.groups_of(table, SEED).tolist() == risk.groups_of(table.select(["b", "a"]), SEED).tolist()


def test_another_seed_gives_other_hashes() -> None:
    table = pa.table({"a": ["x", "y"]})
    assert not set(risk.groups_of(table, SEED).tolist()) & set(risk.groups_of(table, SEED + 1).tolist())


def test_a_hundred_thousand_groups_stay_apart() -> None:
    numbers = pa.table({"a": np.arange(100_000), "b": np.arange(100_000) % 7})
    assert len(np.unique(risk.groups_of(numbers, SEED))) == 100_000


def test_no_rows_are_no_group() -> None:
    figures = risk.measure(risk.merge([]), 5)
    assert (figures.evaluated, figures.reason, figures.k_smallest) == (False, "no_rows", None)
