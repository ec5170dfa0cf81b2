"""A partition's verdicts; a check that cannot be judged is named, and is neither an error nor a pass."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from custody.quality import checks
from custody.quality.judging import judge
from custody.quality.merging import Tally
from quality.collecting import SCHEMA, Wrong, at, broken, judged, plan, quality, table

POLICY = quality(
    key=["user"],
    rules={"amount": {"complete": {}, "range": {"max": 1}}, "src_ip": {"type": {}}, "user": {"unique": {}}},
    predicates={"hits_seen": {"left": "hits", "op": ">=", "right": "amount"}},
)
ROWS: list[dict[str, Any]] = [
    {"user": "ann", "amount": 0.5, "hits": 1, "src_ip": "10.0.0.1"},
    {"user": "bob", "amount": 2.0, "hits": 1, "src_ip": Wrong("10.0.0", "not_an_address")},
    {"user": "ann", "amount": None, "hits": 1},
    {"user": "ann", "amount": None, "hits": 1},
    {"amount": Wrong("high"), "hits": None},
]


def test_every_rule_tells_its_records_and_how_many_it_applied_to() -> None:
    plan_ = plan(POLICY)
    merged = judged([table(ROWS)], plan_)
    assert broken(merged, plan_) == {
        "amount.complete": [2, 3],
        "amount.range": [1, 4],
        "conflicts": [0, 2, 3],
        "duplicates": [3],
        "predicates.hits_seen": [1],
        "src_ip.type": [1],
        "user.unique": [0, 2, 3],
    }
    evaluated = {rule: tally.evaluated for rule, tally in merged.tallies.items()}
    assert evaluated == {
        "amount.complete": 5,
        "amount.range": 3,
        "conflicts": 4,
        "duplicates": 5,
        "predicates.hits_seen": 2,
        "src_ip.type": 2,
        "user.unique": 4,
    }


def test_rules_stand_in_the_order_of_their_ids() -> None:
    ids = [rule.id for rule in plan(POLICY).rules]
    assert ids == sorted(ids)


def test_a_copy_with_another_repeat_count_is_none() -> None:
    plan_ = plan(quality())
    rows: list[dict[str, Any]] = [
        {"user": "a"},
        {"user": "a", "repeat": 3},
        {"user": "a", "repeat": 3, "source": "sshd"},
    ]
    assert broken(judged([table(rows)], plan_), plan_)["duplicates"] == [2]


def test_a_rule_over_an_absent_column_is_named_and_the_others_are_judged() -> None:
    schema = {name: kind for name, kind in SCHEMA.items() if name != "hits"}
    plan_ = plan(POLICY, schema)
    merged = judged([table(ROWS, schema)], plan_)
    assert merged.tallies["predicates.hits_seen"] == Tally(0, 0, "column_missing")
    assert broken(merged, plan_)["predicates.hits_seen"] == []
    assert merged.tallies["amount.complete"] == Tally(5, 2)


def test_an_absent_key_column_leaves_conflicts_unjudged() -> None:
    schema = {name: kind for name, kind in SCHEMA.items() if name != "user"}
    merged = judged([table(ROWS, schema)], plan(quality(key=["user", "ts"]), schema))
    assert merged.tallies["conflicts"] == Tally(0, 0, "column_missing")
    assert merged.tallies["duplicates"].evaluated == 5


def test_an_absent_newest_column_leaves_conflicts_unjudged() -> None:
    schema = {name: kind for name, kind in SCHEMA.items() if name != "hits"}
    words = quality(key=["user"], conflicts="prefer_newest", newest="hits")
    assert judged([table(ROWS, schema)], plan(words, schema)).tallies["conflicts"].reason == "column_missing"


def test_a_check_that_errors_on_one_partition_is_not_evaluated_on_any() -> None:
    schema = {**SCHEMA, "amount": "category"}
    good, bad = table(ROWS), table([{"amount": "high"}], schema)
    plan_ = plan(POLICY)
    merged = judged([good, bad], plan_)
    assert merged.tallies["amount.range"] == Tally(0, 0, "check_failed: TypeError")
    assert broken(merged, plan_)["amount.range"] == []
    assert merged.tallies["src_ip.type"].evaluated == 2


def test_without_fingerprints_of_records_neither_copies_nor_conflicts_are_judged() -> None:
    whole = table(ROWS)
    merged = judged([whole.drop_columns(["!repeat"])], plan(POLICY))
    assert merged.tallies["duplicates"] == merged.tallies["conflicts"] == Tally(0, 0, "check_failed: KeyError")


def test_a_rule_that_applied_to_nothing_is_named() -> None:
    merged = judged([table([{"user": "a"}])], plan(POLICY))
    assert merged.tallies["amount.range"] == Tally(0, 0, "nothing_evaluated")
    assert merged.tallies["amount.complete"] == Tally(1, 1)


@pytest.mark.parametrize("tables", [[], [table([])], [table([]), table([])]])
def test_no_records_evaluate_nothing(tables: list[pa.Table]) -> None:
    plan_ = plan(POLICY)
    merged = judged(tables, plan_)
    assert set(merged.tallies.values()) == {Tally(0, 0, "nothing_evaluated")}
    assert set(merged.tallies) == {rule.id for rule in plan_.rules}


def test_memory_that_runs_out_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setitem(checks.CELLWISE, "complete", exhausted)
    with pytest.raises(MemoryError):
        judge(table(ROWS), plan(POLICY))


def test_a_column_of_several_chunks_is_judged_as_one() -> None:
    plan_ = plan(POLICY)
    parts = pa.concat_tables([table(ROWS[:2]), table(ROWS[2:])])
    assert parts.column("user").num_chunks == 2
    assert broken(judged([parts], plan_), plan_) == broken(judged([table(ROWS)], plan_), plan_)


def test_times_are_compared_in_their_unit() -> None:
    plan_ = plan(quality(rules={"ts": {"range": {"max": "2026-10-01T00:00:01Z"}}}))
    assert broken(judged([table([{"ts": at(1)}, {"ts": at(2)}])], plan_), plan_)["ts.range"] == [1]
