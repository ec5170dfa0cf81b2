"""What the quality section may say, alone and about the schema."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from pydantic import ValidationError

from custody.policy import Policy
from custody.policy.quality import ColumnRules, instant
from custody.policy.spans import mistakes

FIELDS = {
    "email": "email",
    "event": "category",
    "hits": "integer",
    "mfa": "boolean",
    "predicates": "number",
    "score": "number",
    "src_ip": "ip",
    "ts": "timestamp",
    "until": "timestamp",
    "user": "user",
}
SOURCE = {
    "path": "data/sources/edge.csv",
    "format": {"type": "csv"},
    "columns": {"ts": "time"},
    "provenance": {"owner": "web", "license": "Apache-2.0", "basis": "security", "review_by": "2027-11-01"},
    "purposes": ["threat-detection"],
}
VALUES: dict[str, Any] = {
    "dataset": {"name": "events", "purpose": "threat-detection", "as_of": "2026-11-01"},
    "keys": {"zone": "test", "check": "0" * 16},
    "sources": {"edge": SOURCE, "sshd": {**SOURCE, "path": "data/sources/auth.log"}},
    "schema": FIELDS,
    "privacy": {"columns": {name: {"role": "insensitive", "technique": "keep"} for name in FIELDS}},
    "gate": {"min_quality_score": 0.8, "licenses": ["Apache-2.0"], "require_privacy_check": False},
}


def found(quality: dict[str, Any]) -> list[str]:
    values = {**copy.deepcopy(VALUES), "quality": quality}
    try:
        return mistakes(Policy.model_validate_json(json.dumps(values), strict=True))
    except ValidationError as error:
        return [str(one["ctx"]["error"]) for one in error.errors() if "ctx" in one and "error" in one["ctx"]]


FITTING = {
    "key": ["ts", "user"],
    "conflicts": "prefer_newest",
    "newest": "ts",
    "rules": {
        "email": {"allowed": {"values": ["a@b.example"]}, "pattern": {"regex": r"\Qa\E.*"}, "uniform": {}},
        "hits": {"finite": {}, "range": {"min": 0}, "allowed": {"values": ["1", "-9223372036854775808"]}, "unique": {}},
        "mfa": {"allowed": {"values": ["true", "false"]}, "type": {}, "complete": {}},
        "score": {"range": {"max": 0.5}, "allowed": {"values": ["0.5", "1e3"]}},
        "src_ip": {"allowed": {"values": ["10.0.0.1", "2001:db8::1"]}, "length": {"max": 39}},
        "ts": {"range": {"min": "2026-01-01", "max": "2026-01-01T00:00:00Z"}},
    },
    "predicates": {
        "order": {"left": "ts", "op": "<=", "right": "until"},
        "known": {"left": "mfa", "op": "!=", "right": "mfa"},
        "some": {"left": "hits", "op": ">", "value": 0.5},
        "after": {"left": "ts", "op": ">=", "value": "2020-01-01"},
        "mixed": {"left": "hits", "op": ">=", "right": "score"},
        "word": {"left": "event", "op": "!=", "value": "none"},
    },
}


def test_rules_that_fit_their_columns_are_no_mistake() -> None:
    assert found(FITTING) == []


def rule(column: str, **checks: Any) -> dict[str, Any]:
    return {"rules": {column: checks}}


def predicate(**words: Any) -> dict[str, Any]:
    return {"predicates": {"p": words}}


@pytest.mark.parametrize(
    ("quality", "mistake"),
    [
        (rule("nobody", complete={}), "quality.rules.nobody: is not a column of schema"),
        (rule("predicates", complete={}), "quality.rules.predicates: a rule's id would read as that of a predicate"),
        (rule("event", finite={}), "quality.rules.event.finite: needs a number or integer column"),
        (rule("event", range={"min": 0}), "quality.rules.event.range: needs a number, integer or timestamp column"),
        (rule("hits", uniform={}), "quality.rules.hits.uniform: needs a column that is held as text"),
        (rule("ts", pattern={"regex": "x"}), "quality.rules.ts.pattern: needs a column that is held as text"),
        (rule("mfa", length={"max": 1}), "quality.rules.mfa.length: needs a column that is held as text"),
        (rule("hits", range={"min": "1"}), "quality.rules.hits.range.min: must be a number"),
        (rule("ts", range={"max": 5}), "quality.rules.ts.range.max: must be a quoted ISO 8601 time"),
        (rule("ts", range={"min": "soon"}), "quality.rules.ts.range.min: must be a quoted ISO 8601 time"),
        (
            rule("ts", range={"min": "2026-01-01T00:00:01Z", "max": "2026-01-01T02:00:00+02:00"}),
            "quality.rules.ts.range: min is after max",
        ),
        (rule("score", range={"min": 2, "max": 1}), "min is above max"),
        (rule("score", range={"min": 2, "max": "3"}), "must both be numbers"),
        (rule("score", range={}), "needs min, max or both"),
        (rule("user", length={"min": 3, "max": 2}), "min is above max"),
        (rule("user", pattern={"regex": r"\Qa"}), "swallows what follows it"),
        (rule("user", pattern={"regex": "(?=a)"}), "is not a pattern of RE2's syntax"),
        (rule("hits", allowed={"values": ["1", "1.5"]}), "quality.rules.hits.allowed.values.1: no value"),
        (rule("hits", allowed={"values": ["9223372036854775808"]}), "quality.rules.hits.allowed.values.0: no value"),
        (rule("score", allowed={"values": ["nan"]}), "quality.rules.score.allowed.values.0: no value"),
        (rule("mfa", allowed={"values": ["yes"]}), "quality.rules.mfa.allowed.values.0: no value"),
        (rule("ts", allowed={"values": ["noon"]}), "quality.rules.ts.allowed.values.0: no value"),
        (rule("src_ip", allowed={"values": ["2001:DB8::1"]}), "quality.rules.src_ip.allowed.values.0: no value"),
        (rule("email", allowed={"values": ["A@b.example"]}), "quality.rules.email.allowed.values.0: no value"),
        (rule("event", allowed={"values": ["a "]}), "quality.rules.event.allowed.values.0: no value"),
        ({"key": ["ts", "none"]}, "quality.key.1: none is not a column of schema"),
        ({"key": ["ts", "ts"]}, "quality.key.1: ts stands in the key already"),
        (predicate(left="ts", op="<"), "quality.predicates.p: needs exactly one of right and value"),
        (predicate(left="ts", op="<", right="until", value="x"), "quality.predicates.p: needs exactly one"),
        (predicate(left="none", op="<", right="ts"), "quality.predicates.p.left: none is not a column of schema"),
        (predicate(left="ts", op="<", right="none"), "quality.predicates.p.right: none is not a column of schema"),
        (predicate(left="ts", op="<", right="hits"), "quality.predicates.p.right: a column of type integer"),
        (predicate(left="ts", op="<", value=5), "quality.predicates.p.value: must be a quoted ISO 8601 time"),
        (predicate(left="event", op="<", value=5), "quality.predicates.p.value: must be quoted text"),
        (predicate(left="hits", op="<", value="5"), "quality.predicates.p.value: must be a number"),
        (predicate(left="mfa", op="<", right="mfa"), "quality.predicates.p: boolean columns are only compared"),
        (predicate(left="mfa", op="==", value="true"), "quality.predicates.p: boolean columns are only compared"),
        ({"conflicts": "prefer_source", "precedence": ["edge"]}, "quality.precedence: must name every source once"),
        (
            {"conflicts": "prefer_source", "precedence": ["edge", "sshd", "edge"]},
            "quality.precedence: must name every source once",
        ),
        ({"conflicts": "prefer_newest"}, "quality.newest: must name the timestamp"),
        (
            {"conflicts": "prefer_newest", "newest": "user"},
            "quality.newest: must name the timestamp",
        ),
    ],
)
def test_a_mistake_is_named_by_its_key(quality: dict[str, Any], mistake: str) -> None:
    messages = found(quality)
    assert len(messages) == 1, messages
    assert mistake in messages[0]


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_an_infinite_bound_is_no_bound(number: str) -> None:
    with pytest.raises(ValidationError, match="finite number"):
        ColumnRules.model_validate_json(f'{{"range": {{"max": {number}}}}}', strict=True)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:59:59.5", -500_000),
        ("9999-12-31T23:59:59Z", 253_402_300_799_000_000),
    ],
)
def test_a_time_is_microseconds_since_1970(text: str, microseconds: int) -> None:
    assert instant(text) == microseconds
