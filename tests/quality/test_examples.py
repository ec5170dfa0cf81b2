"""Examples of broken rules: where a record stands and the shape of its value, never the value."""

from __future__ import annotations

import json

from custody.quality.examples import EACH, examples, places
from custody.quality.judging import judge
from custody.quality.merging import merge
from quality.collecting import Wrong, at, plan, quality, table

POLICY = quality(
    key=["ts", "user"],
    rules={"amount": {"range": {"min": 0, "max": 1}}, "user": {"complete": {}, "pattern": {"regex": "[a-z]+"}}},
    predicates={"hits_below": {"left": "hits", "op": "<", "right": "amount"}},
)
ROWS = [
    {"ts": at(0), "user": "Zqcanary.Jr", "amount": 0.5, "hits": 77123},
    {"ts": at(1), "user": "bob", "amount": Wrong("zqcanary-1")},
    {"ts": at(2), "amount": 123456.5},
    *({"ts": at(i), "user": "x", "amount": 7.0} for i in range(3, 9)),
]


def test_first_records_of_each_rule_with_shapes_and_no_value() -> None:
    plan_ = plan(POLICY)
    parts = [table(ROWS[:2]), table(ROWS[2:])]
    merged = merge([judge(part, plan_) for part in parts], plan_.rules)
    found = [
        one for part, rows in places(merged, plan_.rules).items() for one in examples(parts[part], rows, plan_.rules)
    ]
    told = {(one["rule"], one["line"], one["shape"]) for one in found}
    assert ("user.pattern", 1, "Aaaa.Aa") in told
    assert ("amount.range", 2, "aaa-9") in told
    assert ("user.complete", 1, "") in told
    assert ("predicates.hits_below", 1, "999 | 9.9") in told
    assert max(sum(one["rule"] == rule.id for one in found) for rule in plan_.rules) == EACH
    text = json.dumps(found).lower()
    assert "canary" not in text
    assert "123456" not in text


def test_duplicates_are_whole_records() -> None:
    plan_ = plan(POLICY)
    rows = table([ROWS[0], ROWS[0]])
    merged = merge([judge(rows, plan_)], plan_.rules)
    found = examples(rows, places(merged, plan_.rules)[0], plan_.rules)
    assert [(one["line"], one["shape"]) for one in found if one["rule"] == "duplicates"] == [(2, None)]
