"""One subject more or less changes what is counted by at most the bound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.engine import serial
from custody.errors import CustodyError
from custody.privacy.inputs import open_inputs
from custody.statistics.bounding import SUBJECT, bounded
from custody.statistics.queries import GRID, MISSING, OTHER, Query
from privacy.folders import DATASET, Source, at, folders, privacy

EVENT = Query("histogram", "event", ("login", "logout", MISSING, OTHER))
AREA = Query("discover", "area")
QUERIES = (EVENT, AREA)
RECORD = st.tuples(st.sampled_from("abcdef"), st.sampled_from(["login", "logout", "else", None]))


def rows_of(people: list[tuple[str, str | None]]) -> list[dict[str, Any]]:
    return [{"user": name, "event": event, "area": "x", "ts": at(1)} for name, event in people]


def counted(root: Path, sources: list[Source], records: int, size: int = 65_536, **given_: Any) -> pa.Table:
    collected, validated = folders(root, sources, size=size)
    inputs = open_inputs(collected, validated, DATASET, privacy(subject="user", **given_))
    return bounded(inputs, QUERIES, records, serial.run)


def sums(table: pa.Table) -> list[int]:
    bins = table.column(EVENT.name).to_pylist()
    return [bins.count(place) for place in range(len(EVENT.bins))]


@settings(max_examples=25)
@given(st.lists(RECORD, max_size=24), st.integers(1, 5))
def test_removing_one_subject_changes_every_sum_by_at_most_the_bound(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, str | None]], records: int
) -> None:
    root = tmp_path_factory.mktemp("bounding")
    full = counted(root / "full", [Source(rows_of(people))], records)
    assert max(full.column(SUBJECT).value_counts().field(1).to_pylist(), default=0) <= records
    # The record's place in its file stays: somebody else's lines are not renumbered.
    gone = [("" if name == "a" else name, event) for name, event in people]
    rest = [row | ({"user": None} if not row["user"] else {}) for row in rows_of(gone)]
    less = counted(root / "less", [Source(rest)], records)
    assert sum(abs(one - other) for one, other in zip(sums(full), sums(less), strict=True)) <= records
    others = [row for row in full.to_pylist() if row[SUBJECT] != "a"]
    assert sorted(map(str, others)) == sorted(map(str, less.to_pylist())), "nobody else's records change"


@settings(max_examples=15)
@given(st.lists(RECORD, max_size=20), st.integers(1, 4), st.integers(1, 7))
def test_partitions_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, str | None]], records: int, size: int
) -> None:
    root = tmp_path_factory.mktemp("partitions")
    whole = counted(root / "whole", [Source(rows_of(people))], records)
    cut = counted(root / "cut", [Source(rows_of(people))], records, size)
    assert sorted(map(str, whole.to_pylist())) == sorted(map(str, cut.to_pylist()))


def test_the_draw_is_not_the_order_of_the_file(tmp_path: Path) -> None:
    events = ["login"] * 100 + ["logout"] * 100
    table = counted(tmp_path, [Source(rows_of([("a", event) for event in events]))], 50)
    assert 5 < sums(table)[0] < 45


def test_who_is_quarantined_by_others_still_counts_and_who_is_by_himself_does_not(tmp_path: Path) -> None:
    people = rows_of([("a", "login"), ("b", "login"), ("c", "login")])
    source = Source(people, broken={0: ["duplicates"], 1: ["area.allowed"]})
    assert sorted(counted(tmp_path, [source], 5).column(SUBJECT).to_pylist()) == ["a", "c"]


def test_withheld_records_and_those_of_nobody_are_left_out(tmp_path: Path) -> None:
    people = [*rows_of([("a", "login"), ("root", "login")]), {"user": None, "event": "login", "ts": at(1)}]
    sources = [Source(people), Source(rows_of([("z", "login")]), name="other", file="ff" * 8, purposes=("billing",))]
    assert counted(tmp_path, sources, 5, not_personal=("root",)).column(SUBJECT).to_pylist() == ["a"]


def test_without_a_subject_there_is_no_unit_of_privacy(tmp_path: Path) -> None:
    collected, validated = folders(tmp_path, [Source(rows_of([("a", "login")]))])
    inputs = open_inputs(collected, validated, DATASET, privacy())
    with pytest.raises(CustodyError, match=r"privacy\.subject"):
        bounded(inputs, QUERIES, 5, serial.run)


@given(st.lists(st.one_of(st.none(), st.floats()), max_size=20))
def test_every_number_has_a_place_inside_the_bounds(numbers: list[float | None]) -> None:
    query = Query("mean", "score", low=-5.0, high=5.0)
    steps = query.encode(pa.array(numbers, pa.float64())).to_pylist()
    for number, step in zip(numbers, steps, strict=True):
        if number is None or number != number:  # noqa: PLR0124  # NaN
            assert step is None
        else:
            assert abs(step) <= GRID
            assert query.value(step) == pytest.approx(min(max(number, -5.0), 5.0), abs=1e-4)
