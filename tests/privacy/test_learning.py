"""Techniques that need the subject, the row or the whole data set, all the way through the stage."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.engine import pool
from custody.policy.hierarchies import Hierarchy
from privacy.folders import COLUMNS, SCHEMA, Source, anonymized, at, privacy, texts
from privacy.people import SLOW, assert_same, records

WIDER: Any = {**SCHEMA, "born": "timestamp", "hits": "integer", "score": "number"}
TREATED: dict[str, Any] = {
    "area": {"role": "quasi", "technique": "generalize", "hierarchy": "area", "uncovered": "empty"},
    "born": {"role": "quasi", "technique": "shift_time", "domain": "time", "within": 30, "to": "28d"},
    "hits": {"role": "quasi", "technique": "microaggregate", "size": 2},
    "score": {"role": "sensitive", "technique": "noise", "bound": 0.2, "step": 0.01, "bottom": 0.0, "top": 1.0},
    "ts": {"role": "insensitive", "technique": "shift_time", "domain": "time", "within": 30},
}
POLICY = privacy(
    TREATED,
    subject="user",
    k=2,
    on_violation="suppress",
    hierarchies={"area": Hierarchy(levels=({"land": ("north", "south")},))},
)
HOURS = dt.timedelta(hours=1)


def wider(count: int) -> list[dict[str, Any]]:
    return [
        {**row, "born": at(1 + i % 20), "hits": i % 13, "score": i % 7 / 7, "ts": at(1 + i % 20) + HOURS}
        for i, row in enumerate(records(count))
    ]


def test_each_column_is_treated_and_groups_hold_enough_people(tmp_path: Path) -> None:
    policy = privacy(
        {**TREATED, "born": {"role": "insensitive", **dict(list(TREATED["born"].items())[1:-1])}}, **given_()
    )
    done = anonymized(tmp_path, [Source(wider(120))], policy, WIDER, size=50)
    rows = done.by_id()
    assert {row["area"] for row in rows} == {"land", None}
    assert {row["ts"] - row["born"] for row in rows} == {HOURS}  # one domain, one shift
    assert all(0 <= row["score"] <= 1 for row in rows)
    assert not {row["ts"] for row in rows} <= {row["ts"] for row in wider(120)}
    by_hits = {hits: {row["user"] for row in rows if row["hits"] == hits} for hits in {row["hits"] for row in rows}}
    assert len(by_hits) > 1
    assert all(len(people) >= 2 for people in by_hits.values())
    assert done.body["risk"]["k_smallest"] >= 2


def given_() -> dict[str, Any]:
    return {key: getattr(POLICY, key) for key in ("subject", "k", "on_violation", "hierarchies")}


def test_what_a_hierarchy_does_not_cover_is_counted(tmp_path: Path) -> None:
    column = {"role": "quasi", "technique": "generalize", "hierarchy": "area"}
    rows = [{"user": f"u{i}", "area": ["north", "moon", None][i % 3], "ts": at(1)} for i in range(9)]
    policy = privacy({"area": column}, hierarchies=POLICY.hierarchies)
    done = anonymized(tmp_path, [Source(rows)], policy, size=4)
    assert done.body["uncovered"] == {"area": 3}
    assert sorted(map(str, done.rows.column("area").to_pylist())) == ["None"] * 3 + ["OTHER"] * 3 + ["land"] * 3


def test_a_pool_of_processes_writes_the_same_bytes(tmp_path: Path) -> None:
    one = anonymized(tmp_path / "one", [Source(wider(90))], POLICY, WIDER, size=40)
    two = anonymized(tmp_path / "two", [Source(wider(90))], POLICY, WIDER, size=40, run=pool.of(2))
    assert one.folder.partitions == two.folder.partitions


@pytest.mark.parametrize("rows", [wider(1), [{**row, "user": "one.person"} for row in wider(9)]])
def test_one_row_and_one_subject_have_no_group_and_lose_the_cells(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    done = anonymized(tmp_path, [Source(rows)], privacy(TREATED, subject="user", hierarchies=POLICY.hierarchies), WIDER)
    assert done.body["columns"]["hits"]["emptied"] == len(rows)
    assert done.rows.column("hits").null_count == len(rows)


def test_columns_without_any_value_stay_without(tmp_path: Path) -> None:
    rows = [{"user": f"u{i}"} for i in range(6)]
    done = anonymized(tmp_path, [Source(rows)], POLICY, WIDER, size=4)
    assert done.body["accounting"]["candidate"] == 6
    for name in TREATED:
        assert done.rows.column(name).null_count == 6
        assert done.body["columns"][name]["emptied"] == 0


def test_an_identifier_that_noise_writes_by_chance_is_a_coincidence(tmp_path: Path) -> None:
    columns = {
        **{name: column for name, column in COLUMNS.items() if name in {"user", "ts"}},
        "hits": {"role": "sensitive", "technique": "noise", "bound": 1, "step": 1},
    }
    schema: Any = {"user": "user", "ts": "timestamp", "hits": "integer"}
    rows = [{"user": str(number), "hits": 123_456_700, "ts": at(1)} for number in range(123_456_699, 123_456_702)] * 9
    policy = privacy().model_validate({"columns": columns}, strict=True)
    done = anonymized(tmp_path, [Source(rows)], policy, schema, size=10)
    written = [text for text in texts(done.rows) if text.startswith("123456")]
    assert done.body["leaks"]["residual"] + done.body["leaks"]["coincidences"] == len(written) == 27
    assert done.body["leaks"]["coincidences"] == sum(text != "123456700" for text in written) > 0


ROW = st.fixed_dictionaries(
    {
        "user": st.sampled_from(["ann.lee", "Bob.Jones", "carol", None]),
        "area": st.sampled_from(["north", "east", None]),
        "born": st.sampled_from([at(1), at(20), None]),
        "hits": st.none() | st.integers(0, 4),
        "score": st.none() | st.sampled_from([0.0, 0.5, 1.0]),
        "ts": st.sampled_from([at(1), at(2, 3), None]),
    }
)


@SLOW
@given(st.lists(ROW, max_size=14), st.integers(1, 15))
def test_chunked_equals_whole(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], size: int) -> None:
    root = tmp_path_factory.mktemp("law")
    whole = anonymized(root / "whole", [Source(rows)], POLICY, WIDER)
    assert_same(whole, anonymized(root / "parts", [Source(rows)], POLICY, WIDER, size=size))
