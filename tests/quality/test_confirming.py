"""Hashes only save comparisons: with hashes that collide, even with none at all, verdicts are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.engine import pool, serial
from custody.quality import confirming, validate
from custody.quality.judging import judge
from custody.records.folder import open_folder, replace
from quality.collecting import Wrong, at, broken, folder, judged, plan, quality, table
from support import ZONE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from custody.quality.confirming import Values, Wanted

POLICY = quality(key=["user", "event"], rules={"hits": {"unique": {}}, "user": {"unique": {}}})
ROW = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([None, 0.0, -0.0, 0.5, Wrong("nan", "not_finite")]),
        "event": st.sampled_from([None, "login", ""]),
        "hits": st.sampled_from([None, 1, 2, 3]),
        "ts": st.sampled_from([None, at(0)]),
        "user": st.sampled_from([None, "ann", "b"]),
        "repeat": st.sampled_from([1, 2]),
    }
)


@settings(deadline=None, max_examples=40)
@given(st.lists(ROW, max_size=20), st.integers(0, 20), st.sampled_from([0, 1, 2, 3]))
def test_verdicts_do_not_depend_on_the_hash(rows: list[dict[str, Any]], cut: int, bits: int) -> None:
    parts = [table(rows[:cut]), table(rows[cut:])]
    whole, short = plan(POLICY), plan(POLICY, bits=bits)
    right, found = judged(parts, whole), judged(parts, short)
    assert broken(found, short) == broken(right, whole)
    assert found.tallies == right.tallies


def test_records_that_share_a_hash_and_no_value_are_no_copies_nor_in_conflict() -> None:
    rows: list[dict[str, Any]] = [{"user": f"u{i}", "event": "login", "hits": i} for i in range(300)]
    plan_ = plan(POLICY, bits=4)
    assert {len(some) for some in broken(judged([table(rows)], plan_), plan_).values()} == {0}
    prints = judge(table(rows), plan_).marks["duplicates"].prints
    assert len(np.unique(prints)) <= 16, "the hash tells hardly any of them apart"


def test_a_conflict_whose_values_share_a_hash_is_one() -> None:
    rows: list[dict[str, Any]] = [{"user": "ann", "event": "login", "hits": i} for i in range(2)]
    plan_ = plan(POLICY, bits=0)
    assert broken(judged([table(rows)], plan_), plan_)["conflicts"] == [0, 1]


def test_only_suspects_are_looked_at_and_once_where_all_is_as_it_seems() -> None:
    looked: list[tuple[int, list[int], bool]] = []
    rows: list[dict[str, Any]] = [{"user": f"u{i}"} for i in range(50)]
    parts = [table([*rows, {"user": "twin"}]), table([{"user": "alone"}]), table([{"user": "twin"}])]
    plan_ = plan(quality())

    def look(wanted: Sequence[tuple[int, Wanted]], numbered: bool) -> list[Values]:  # noqa: FBT001  # as its type says
        looked.extend((i, one["duplicates"][0].tolist(), numbered) for i, one in wanted)
        return [confirming.values(parts[i], plan_, one, numbered=numbered) for i, one in wanted]

    confirming.confirm([judge(one, plan_) for one in parts], plan_, look)
    assert looked == [(0, [50], False), (2, [0], False)]


def test_copies_within_a_partition_are_settled_there() -> None:
    parts = [table([{"user": "ann"}, {"user": "bob"}, {"user": "ann"}]), table([{"user": "bob"}, {"user": "eve"}])]
    plan_ = plan(quality())
    looked: list[tuple[int, list[int]]] = []

    def look(wanted: Sequence[tuple[int, Wanted]], numbered: bool) -> list[Values]:  # noqa: FBT001  # as its type says
        looked.extend((i, one["duplicates"][0].tolist()) for i, one in wanted)
        return [confirming.values(parts[i], plan_, one, numbered=numbered) for i, one in wanted]

    found = confirming.confirm([judge(one, plan_) for one in parts], plan_, look)
    assert looked == [(0, [1]), (1, [0])]
    assert [np.array(part.marks["duplicates"].suspects).tolist() for part in found] == [[0, 1, 2], [0]]


def test_suspects_beyond_what_memory_holds_are_looked_at_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, Any]] = [{"user": f"u{i % 5}", "hits": i % 7} for i in range(60)]
    parts, plan_ = [table(rows[:30]), table(rows[30:])], plan(POLICY, bits=3)
    right = broken(judged(parts, plan_), plan_)
    monkeypatch.setattr(confirming, "MOST", 2)
    assert broken(judged(parts, plan_), plan_) == right


@pytest.mark.parametrize("engine", [serial.run, pool.of(2)], ids=["serial", "pool"])
def test_sealed_partitions_are_compared_by_value_wherever_they_run(tmp_path: Path, engine: Any) -> None:
    rows: list[dict[str, Any]] = [{"user": f"u{i}", "amount": Wrong(f"text {i % 3}")} for i in range(9)]
    tables = {"edge-a-00000": table(rows), "edge-b-00000": table([*rows[:4], {"user": "new"}])}
    collected = folder(tmp_path / "collected", tables)
    with replace(tmp_path / "validated", ZONE) as sink:
        body = validate(collected, quality(duplicates="quarantine"), sink, engine)
    assert body["quarantined_by"]["duplicates"] == 4
    validated = open_folder(tmp_path / "validated", "report.json", ZONE)
    assert [sum(validated.read(one).column("duplicates").to_pylist()) for one in sorted(validated.partitions)] == [0, 4]
