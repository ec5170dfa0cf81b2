"""A partition's verdicts; a check that cannot be judged is named, and is neither an error nor a pass."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

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

TEXTS = ["!source", "event", "user", "src_ip", "src_ip!raw", "amount!raw"]
TEXT_RULES = {
    "allowed": {"values": ["a", "b"]},
    "complete": {},
    "length": {"min": 1, "max": 1},
    "pattern": {"regex": "[a-c]+"},
    "range": {"max": 1},
    "type": {},
    "uniform": {},
    "unique": {},
}
CODED = quality(
    key=["user", "src_ip"],
    conflicts="prefer_source",
    precedence=["sshd", "edge"],
    rules={"event": TEXT_RULES, "src_ip": TEXT_RULES, "user": TEXT_RULES, "amount": {"range": {"max": 1}, "type": {}}},
    predicates={"same": {"left": "event", "op": "==", "right": "user"}, "a": {"left": "user", "op": "<", "value": "b"}},
)
ROW = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([None, 0.0, -0.0, 2.0, Wrong("high"), Wrong("low")]),
        "event": st.sampled_from([None, "", "a", "b", "cd", "7"]),
        "src_ip": st.sampled_from([None, "1.2.3.4", Wrong("1.2"), Wrong("7")]),
        "user": st.sampled_from([None, "a", "b"]),
        "source": st.sampled_from(["edge", "sshd", "other"]),
    }
)


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


def test_records_without_any_value_are_copies() -> None:
    plan_ = plan(quality(key=["user"]))
    assert broken(judged([table([{}, {}]), table([{"user": "a"}, {}])], plan_), plan_)["duplicates"] == [1, 3]


@given(st.lists(ROW, max_size=12), st.integers(0, 12), st.sets(st.sampled_from(TEXTS)))
def test_coded_columns_are_judged_as_plain_ones(rows: list[dict[str, Any]], cut: int, coded: set[str]) -> None:
    plan_ = plan(CODED, bits=1)
    parts = [table(rows[:cut]), table(rows[cut:])]
    others = [_coded(parts[0], coded), _coded(parts[1], set(TEXTS) - coded)]
    assert judged(others, plan_).tallies == judged(parts, plan_).tallies
    assert broken(judged(others, plan_), plan_) == broken(judged(parts, plan_), plan_)


def _coded(part: pa.Table, names: set[str]) -> pa.Table:
    for name in sorted(names):
        part = part.set_column(part.column_names.index(name), name, part[name].dictionary_encode())
    return part


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
