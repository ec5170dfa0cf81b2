"""What the privacy section may say, alone and about the schema."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from pydantic import ValidationError

from custody.policy import Policy

FIELDS = {
    "born": "timestamp",
    "email": "email",
    "event": "category",
    "hits": "integer",
    "mfa": "boolean",
    "score": "number",
    "src_ip": "ip",
    "ts": "timestamp",
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
    "sources": {"edge": SOURCE},
    "schema": FIELDS,
    "quality": {},
    "privacy": {
        "columns": {name: {"role": "insensitive", "technique": "keep"} for name in FIELDS}
        | {"user": {"role": "direct", "technique": "mac", "domain": "person"}}
    },
    "gate": {"min_quality_score": 0.5, "licenses": ["Apache-2.0"], "require_privacy_check": False},
}


def mistakes(columns: dict[str, Any] | None = None, **privacy: Any) -> list[str]:
    """Return what the policy says of a privacy section; nothing where it is right."""
    values = copy.deepcopy(VALUES)
    values["privacy"]["columns"].update(columns or {})
    values["privacy"].update(privacy)
    try:
        Policy.model_validate_json(json.dumps(values))
    except ValidationError as found:
        return str(found.errors()[0]["ctx"]["error"]).splitlines()
    return []


def test_the_usual_section_has_no_mistake() -> None:
    assert mistakes() == []


@pytest.mark.parametrize(
    ("column", "role", "technique", "words"),
    [
        ("user", "direct", {"technique": "keep"}, "a direct identifier cannot be kept"),
        ("mfa", "direct", {"technique": "suppress"}, "a boolean column cannot be direct"),
        ("event", "quasi", {"technique": "redact_text"}, "redacted text forms no groups"),
        ("user", "direct", {"technique": "ip_prefix", "domain": "d"}, "ip_prefix needs an ip column"),
        ("user", "direct", {"technique": "ip_truncate"}, "ip_truncate needs an ip column"),
        ("src_ip", "direct", {"technique": "ip_truncate", "v4": 32}, "leave a direct identifier whole"),
        ("src_ip", "direct", {"technique": "ip_truncate", "v6": 128}, "leave a direct identifier whole"),
        ("email", "quasi", {"technique": "round_time", "to": "1h"}, "round_time needs a timestamp column"),
        ("hits", "direct", {"technique": "mask"}, "mask needs a column of text, not of type integer"),
        (
            "ts",
            "insensitive",
            {"technique": "redact_text"},
            "redact_text needs a column of text, not of type timestamp",
        ),
        ("ts", "quasi", {"technique": "generalize", "bins": [1.0]}, "for times use round_time"),
        ("mfa", "quasi", {"technique": "generalize", "prefix": 1}, "needs a column of numbers or text"),
        ("score", "quasi", {"technique": "generalize"}, "is generalized by bins, top, bottom"),
        ("score", "quasi", {"technique": "generalize", "prefix": 2}, "is generalized by bins, top, bottom"),
        (
            "event",
            "quasi",
            {"technique": "generalize", "bins": [1.0]},
            "is generalized by prefix alone or by a hierarchy",
        ),
        (
            "event",
            "quasi",
            {"technique": "generalize", "prefix": 2, "top": 1.0},
            "is generalized by prefix alone or by a hierarchy",
        ),
        ("score", "quasi", {"technique": "generalize", "bins": [2.0, 1.0]}, "in ascending order, each once"),
        ("score", "quasi", {"technique": "generalize", "bins": [1.0, 1.0]}, "in ascending order, each once"),
        ("score", "quasi", {"technique": "generalize", "bottom": 2.0, "top": 2.0}, "bottom: is not below top"),
        ("event", "quasi", {"technique": "generalize", "hierarchy": "family"}, "is none of privacy.hierarchies"),
        ("event", "quasi", {"technique": "generalize", "hierarchy": "country", "level": 3}, "the hierarchy has 2"),
        ("event", "quasi", {"technique": "generalize", "hierarchy": "ip"}, "ip is no hierarchy for a column of"),
        ("src_ip", "quasi", {"technique": "generalize", "hierarchy": "country"}, "country is no hierarchy for"),
        ("event", "quasi", {"technique": "generalize", "prefix": 2, "level": 2}, "hierarchy: is missing; level and"),
        ("event", "quasi", {"technique": "suppress", "values": ["a"]}, "scope: the whole column is left out"),
        ("hits", "quasi", {"technique": "suppress", "scope": "cell", "matches": "a"}, "matches: needs a column that"),
        ("hits", "quasi", {"technique": "suppress", "scope": "cell", "values": ["a"]}, "values.0: no value of type"),
        ("user", "direct", {"technique": "suppress", "scope": "cell", "values": ["a"]}, "the values that are left"),
        ("email", "quasi", {"technique": "shift_time", "domain": "d", "within": 3}, "shift_time needs a timestamp"),
        ("ts", "label", {"technique": "shift_time", "domain": "d", "within": 3}, "shift_time protects no label column"),
        (
            "ts",
            "quasi",
            {"technique": "shift_time", "domain": "d", "within": 9999},
            "within: must be at most 3650 days",
        ),
        ("hits", "quasi", {"technique": "noise", "bound": 1.0, "step": 1.0}, "noise protects no quasi column"),
        ("ts", "sensitive", {"technique": "noise", "bound": 1.0, "step": 1.0}, "noise needs a column of numbers"),
        ("score", "sensitive", {"technique": "noise", "bound": 1.0, "step": 2.0}, "bound must be 1 to 10000 steps"),
        ("score", "sensitive", {"technique": "noise", "bound": 1.0, "step": 1e-9}, "bound must be 1 to 10000 steps"),
        ("hits", "sensitive", {"technique": "noise", "bound": 1.0, "step": 0.5}, "step: must be a whole number"),
        (
            "hits",
            "sensitive",
            {"technique": "noise", "bound": 1.0, "step": 1.0, "top": 0.5},
            "top: must be a whole number",
        ),
        (
            "score",
            "sensitive",
            {"technique": "noise", "bound": 1.0, "step": 1.0, "scale": 1.0, "distribution": "uniform"},
            "scale: is of laplace",
        ),
        ("event", "quasi", {"technique": "microaggregate", "size": 5}, "microaggregate needs a column of numbers"),
        ("hits", "direct", {"technique": "microaggregate", "size": 5}, "microaggregate protects no direct column"),
    ],
)
def test_a_technique_that_cannot_be_done_is_named(
    column: str, role: str, technique: dict[str, Any], words: str
) -> None:
    found = mistakes({column: {"role": role, **technique}}, subject="user")
    assert len(found) == 1
    assert found[0].startswith(f"privacy.columns.{column}")
    assert words in found[0]


@pytest.mark.parametrize(
    ("column", "role", "technique"),
    [
        ("hits", "direct", {"technique": "mac", "domain": "d"}),
        ("src_ip", "direct", {"technique": "ip_truncate", "v4": 24, "v6": 64}),
        ("src_ip", "direct", {"technique": "generalize", "prefix": 3}),
        ("user", "direct", {"technique": "mask", "keep_first": 1}),
        ("score", "quasi", {"technique": "generalize", "bins": [0.0, 0.5], "top": 1.0}),
        ("hits", "quasi", {"technique": "generalize", "top": 100.0, "bottom": 1.0}),
        ("event", "quasi", {"technique": "generalize", "hierarchy": "country", "level": 2, "uncovered": "empty"}),
        ("src_ip", "direct", {"technique": "generalize", "hierarchy": "ip", "level": 3}),
        ("event", "quasi", {"technique": "suppress", "scope": "cell", "values": ["a"], "matches": "b.*"}),
        ("user", "direct", {"technique": "suppress", "scope": "cell"}),
        ("born", "direct", {"technique": "round_time", "to": "1Y"}),
        ("born", "direct", {"technique": "shift_time", "domain": "d", "within": 9999, "unit": "second", "to": "1d"}),
        ("born", "quasi", {"technique": "microaggregate", "size": 5}),
        ("score", "sensitive", {"technique": "noise", "bound": 0.5, "step": 0.1, "scale": 0.2, "top": 1.0}),
        ("event", "quasi", {"technique": "suppress", "scope": "record", "values": ["a"]}),
        ("event", "insensitive", {"technique": "redact_text"}),
    ],
)
def test_a_technique_that_can_be_done_is_no_mistake(column: str, role: str, technique: dict[str, Any]) -> None:
    assert mistakes({column: {"role": role, **technique}}, subject="user") == []


@pytest.mark.parametrize(
    ("privacy", "words"),
    [
        ({"subject": "nobody"}, "privacy.subject: nobody is not a column of schema"),
        ({"consent": "nobody"}, "privacy.consent: nobody is not a column of schema"),
        ({"consent": "ts"}, "privacy.consent: needs a boolean, integer, category or text column"),
        ({"k": 5}, "privacy.subject: k counts distinct subjects"),
        ({"subject": "user", "on_violation": "suppress"}, "privacy.on_violation: suppress needs privacy.k"),
        ({"retention_days": 30}, "privacy.retention_column: name the timestamp"),
        ({"subsample": {"rate": 0.5, "compartment": "a"}}, "privacy.subsample: draws subjects; name the column"),
        ({"hierarchies": {"ip": {"levels": [{"x": ["a"]}]}}}, "privacy.hierarchies.ip: is the name of a shipped"),
        ({"hierarchies": {"h": {"levels": [{"x": ["a", "a"]}]}}}, "privacy.hierarchies.h.levels.0.x.1: stands in"),
        ({"retention_column": "ts"}, "privacy.retention_days: retention_column is named"),
        ({"retention_days": 30, "retention_column": "user"}, "privacy.retention_column: needs a timestamp column"),
    ],
)
def test_who_and_how_long_is_checked(privacy: dict[str, Any], words: str) -> None:
    found = mistakes(**privacy)
    assert len(found) == 1
    assert found[0].startswith(words)


@pytest.mark.parametrize("technique", ["shift_time", "microaggregate"])
def test_techniques_that_treat_people_need_to_know_the_person(technique: str) -> None:
    how: dict[str, Any] = {"domain": "d", "within": 3} if technique == "shift_time" else {"size": 5}
    (found,) = mistakes({"ts": {"role": "quasi", "technique": technique, **how}})
    assert found.endswith("treats people, not records; name the person: privacy.subject")


def test_a_group_of_neighbours_is_not_smaller_than_k() -> None:
    (found,) = mistakes({"hits": {"role": "quasi", "technique": "microaggregate", "size": 4}}, subject="user", k=5)
    assert found.startswith("privacy.columns.hits.size: is below privacy.k")


@pytest.mark.parametrize(
    "privacy",
    [
        {"subject": "user", "k": 5, "on_violation": "suppress"},
        {"consent": "mfa"},
        {"retention_days": 30, "retention_column": "ts"},
    ],
)
def test_what_is_right_is_no_mistake(privacy: dict[str, Any]) -> None:
    assert mistakes(**privacy) == []
