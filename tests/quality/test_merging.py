"""What holds however the records are cut into partitions."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from custody.quality import report
from quality.collecting import Wrong, at, broken, judged, plan, quality, table

POLICY = quality(
    key=["user", "event"],
    conflicts="prefer_source",
    precedence=["edge", "sshd"],
    rules={
        "amount": {"complete": {}, "finite": {}, "range": {"min": 0, "max": 1}},
        "event": {"uniform": {"severity": "warn"}, "allowed": {"values": ["login", "404"]}},
        "hits": {"unique": {}},
        "user": {"pattern": {"regex": "[a-z]+"}, "length": {"max": 2}},
    },
    predicates={"amount_below_hits": {"left": "amount", "op": "<=", "right": "hits"}},
)
PLAN = plan(POLICY)
ROW = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([None, 0.0, -0.0, 0.5, 2.0, Wrong("nan", "not_finite")]),
        "event": st.sampled_from([None, "login", "404", "2026-10-01"]),
        "hits": st.sampled_from([None, 1, 2, 3]),
        "ts": st.sampled_from([None, at(0)]),
        "user": st.sampled_from([None, "ann", "b"]),
        "source": st.sampled_from(["edge", "sshd"]),
        "repeat": st.sampled_from([1, 2]),
    }
)


def cut(rows: list[dict[str, Any]], where: list[int]) -> list[list[dict[str, Any]]]:
    ends = sorted({min(one, len(rows)) for one in where})
    return [rows[start:end] for start, end in zip([0, *ends], [*ends, len(rows)], strict=True)]


@settings(deadline=None, max_examples=60)
@given(st.lists(ROW, max_size=24), st.lists(st.integers(0, 24), max_size=3))
def test_chunked_equals_whole(rows: list[dict[str, Any]], where: list[int]) -> None:
    whole = judged([table(rows)], PLAN)
    parts = judged([table(part) for part in cut(rows, where)], PLAN)
    assert broken(parts, PLAN) == broken(whole, PLAN)
    assert parts.tallies == whole.tallies
    assert report.body("x", PLAN.rules, parts) == report.body("x", PLAN.rules, whole)


@settings(deadline=None, max_examples=60)
@given(st.lists(ROW, max_size=16))
def test_the_accounting_is_that_of_the_verdicts(rows: list[dict[str, Any]]) -> None:
    merged = judged([table(rows[:5]), table(rows[5:])], PLAN)
    found, body = broken(merged, PLAN), report.body("x", PLAN.rules, merged)
    bad = {i for rule in body["quarantine_rules"] for i in found[rule]}
    assert body["accounting"] == {"collected": len(rows), "accepted": len(rows) - len(bad), "quarantined": len(bad)}
    assert {rule: len(found[rule]) for rule in body["quarantine_rules"]} == body["quarantined_by"]
    assert "event.uniform" not in body["quarantine_rules"]
    assert all(figures["broken"] <= figures["evaluated"] <= len(rows) for figures in body["rules"].values())


@settings(deadline=None, max_examples=40)
@given(st.lists(ROW, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_records_decides_only_which_copy_is_first(rows: list[dict[str, Any]], random: Any) -> None:
    shuffled = rows[:]
    random.shuffle(shuffled)
    one, other = judged([table(rows)], PLAN), judged([table(shuffled)], PLAN)
    assert one.tallies == other.tallies
