"""The gate's decision: held and broken for every condition, and never a yes for want of figures."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from custody.quality.rules import rules
from custody.release.candidate import Measured
from custody.release.condition import Decision
from custody.release.decision import decide
from custody.release.rules import named_rules
from release import example

if TYPE_CHECKING:
    from collections.abc import Callable

    from custody.release.condition import Condition

COLUMNS = {name: str(example.table().schema.field(name).type) for name in example.table().column_names}
MEASURED = Measured(60, COLUMNS, None)
GATE = {
    "licenses": ["Apache-2.0", "CC-BY-4.0"],
    "min_quality_score": 0.8,
    "max_malformed": 0.1,
    "license_column": "terms",
}
POLICY = example.policy(gate=GATE)
LICENSED = Measured(60, COLUMNS, 0)


def _decide(change: Callable[..., Any] | None = None, measured: Measured = LICENSED, **gate: Any) -> Decision:
    bodies = example.bodies()
    if change is not None:
        change(*bodies)
    return decide(*bodies, measured, example.policy(gate={**GATE, **gate}) if gate else POLICY)


def _one(decision: Decision, name: str) -> Condition:
    (found,) = [condition for condition in decision.conditions if condition.id == name]
    return found


def test_a_sound_candidate_is_released_under_every_condition() -> None:
    decision = _decide()
    assert decision.released
    assert [condition.id for condition in decision.conditions] == [
        "accounting",
        "rows",
        "malformed",
        "missing_columns.alerts",
        "missing_columns.edge",
        "quality_score",
        "rules.conflicts",
        "rules.duplicates",
        "rules.score.range",
        "privacy_check",
        "residual_identifiers",
        "attack",
        "k",
        "columns",
        "distinct.admin",
        "distinct.event",
        "distinct.hits",
        "distinct.score",
        "distinct.terms",
        "distinct.ts",
        "provenance.alerts",
        "provenance.edge",
        "license.alerts",
        "license.edge",
        "record_licenses",
    ]


# what is changed in (receipt, validated, anonymized) → the one condition that breaks
BREAKING: list[tuple[str, Callable[..., Any]]] = [
    ("accounting", lambda r, _v, _a: r["malformed"].update(ragged=1)),
    ("accounting", lambda r, _v, _a: r["sources"]["edge"]["files"][0].update(skipped=1)),
    ("accounting", lambda _r, v, _a: v.update(records_evaluated=74)),
    ("accounting", lambda _r, v, _a: v["accounting"].update(quarantined=4)),
    ("accounting", lambda _r, _v, a: a["accounting"].update(withheld=5)),
    ("accounting", lambda _r, _v, a: a["suppressed"].clear()),
    ("accounting", lambda _r, _v, a: a["accounting"].pop("withheld")),
    ("accounting", lambda _r, _v, a: a["accounting"].update(withheld=True)),
    ("missing_columns.edge", lambda r, _v, _a: r["sources"]["edge"].update(missing_columns=["user"])),
    ("missing_columns.edge", lambda r, _v, _a: r["sources"]["edge"].pop("missing_columns")),
    ("quality_score", lambda _r, v, _a: v.update(score=0.799999)),
    ("quality_score", lambda _r, v, _a: v.update(score=None)),
    ("rules.score.range", lambda _r, v, _a: v["rules"]["score.range"].update(broken=6)),
    ("rules.score.range", lambda _r, v, _a: v["rules"]["score.range"].update(evaluated=0, broken=0)),
    ("rules.score.range", lambda _r, v, _a: v["rules"].pop("score.range")),
    ("rules.score.range", lambda _r, v, _a: v.update(not_evaluated=[{"rule": "score.range", "reason": "x"}])),
    ("rules.duplicates", lambda _r, v, _a: v["rules"].pop("duplicates")),
    ("rules.conflicts", lambda _r, v, _a: v["rules"].pop("conflicts")),
    ("rules.mixed", lambda _r, v, _a: v["rules"].update(mixed={"evaluated": 9, "broken": 0})),
    ("rules.mixed", lambda _r, v, _a: v["rules"].update(mixed={"evaluated": 9, "broken": 1, "min_pass": 1.0})),
    ("privacy_check", lambda _r, _v, a: a["risk"].update(evaluated="yes", k_smallest=6) or a["risk"]),
    ("residual_identifiers", lambda _r, _v, a: a["leaks"].update(residual=1)),
    ("residual_identifiers", lambda _r, _v, a: a["leaks"].pop("residual")),
    ("attack", lambda _r, _v, a: a["attack"].update(hits=1)),
    ("attack", lambda _r, _v, a: a["attack"].update(evaluated=False)),
    ("k", lambda _r, _v, a: a["risk"].update(k_smallest=4)),
    ("k", lambda _r, _v, a: a["risk"].update(k_smallest=None)),
    ("distinct.event", lambda _r, _v, a: a["columns"]["event"].update(distinct=55)),
    ("distinct.event", lambda _r, _v, a: a["columns"].pop("event")),
    ("distinct.event", lambda _r, _v, a: a["columns"]["event"].update(distinct=None)),
    ("provenance.edge", lambda r, _v, _a: r["sources"]["edge"]["files"][0].update(sha256="")),
    ("provenance.edge", lambda r, _v, _a: r["sources"]["edge"].update(owner=" Unknown ")),
    ("provenance.edge", lambda r, _v, _a: r["sources"]["edge"].pop("basis")),
    ("provenance.edge", lambda r, _v, _a: r["sources"]["edge"].update(review_by="2026-10-31")),
    ("provenance.edge", lambda r, _v, _a: r["sources"]["edge"].update(review_by="20261031")),
    ("provenance.edge", lambda r, _v, _a: r["sources"]["edge"].update(review_by="soon")),
    ("license.edge", lambda r, _v, _a: r["sources"]["edge"].update(license="GPL-3.0-only")),
]


@pytest.mark.parametrize(("name", "change"), BREAKING, ids=[f"{i}-{name}" for i, (name, _) in enumerate(BREAKING)])
def test_each_fault_breaks_its_condition_and_refuses(name: str, change: Callable[..., Any]) -> None:
    decision = _decide(change)
    assert not decision.released
    broken = [condition.id for condition in decision.broken]
    assert name in broken
    assert set(broken) <= {name, "k"} if name == "privacy_check" else broken == [name]


# measured in the candidate's files → the conditions that break
MEASURES: list[tuple[Measured, list[str]]] = [
    (Measured(59, COLUMNS, 0), ["accounting"]),
    (Measured(60, COLUMNS, 1), ["record_licenses"]),
    (Measured(60, COLUMNS, None), ["record_licenses"]),
    (Measured(60, {**COLUMNS, "secret": "string"}, 0), ["columns"]),
    (Measured(60, {**COLUMNS, "user!raw": "string"}, 0), ["columns"]),
    (Measured(60, {name: kind for name, kind in COLUMNS.items() if name != "row_id"}, 0), ["columns"]),
    (Measured(0, {}, None), ["accounting", "rows", "columns", "record_licenses"]),
]


@pytest.mark.parametrize(("measured", "broken"), MEASURES)
def test_what_the_files_hold_counts_more_than_what_is_reported(measured: Measured, broken: list[str]) -> None:
    assert [condition.id for condition in _decide(measured=measured).broken] == broken


# gate keys → the conditions that break
POLICIES: list[tuple[dict[str, Any], list[str]]] = [
    ({"min_rows": 60}, []),
    ({"min_rows": 61}, ["rows"]),
    ({"min_quality_score": 0.9}, []),
    ({"min_quality_score": 0.91}, ["quality_score"]),
    ({"max_malformed": 0.025}, []),
    ({"max_malformed": 0.024}, ["malformed"]),
    ({"licenses": ["Apache-2.0"]}, ["license.alerts"]),
    ({"max_distinct_share": 0.01}, [f"distinct.{name}" for name in ("admin", "event", "hits", "score", "terms", "ts")]),
]


@pytest.mark.parametrize(("gate", "broken"), POLICIES)
def test_each_threshold_is_where_the_policy_puts_it(gate: dict[str, Any], broken: list[str]) -> None:
    assert [condition.id for condition in _decide(**gate).broken] == broken


def test_a_reviewed_column_may_be_distinct() -> None:
    def distinct(_r: Any, _v: Any, anonymized: Any) -> None:
        anonymized["columns"]["event"].update(distinct=60)

    assert not _decide(distinct).released
    assert _decide(distinct, distinct_ok=["event"]).released


@pytest.mark.parametrize(("rows", "held"), [(19, True), (20, False)])
def test_few_values_are_not_questioned(rows: int, held: bool) -> None:  # noqa: FBT001  # a table of cases
    decision = _decide(lambda _r, _v, a: a["columns"]["event"].update(distinct=rows, rows=rows))
    assert _one(decision, "distinct.event").held is held


def test_exactly_the_allowed_share_of_distinct_values_is_held() -> None:
    assert _decide(lambda _r, _v, a: a["columns"]["event"].update(distinct=54)).released


def test_the_day_of_review_is_not_past() -> None:
    assert _decide(lambda r, _v, _a: r["sources"]["edge"].update(review_by="2026-11-01")).released


def test_an_estimate_of_distinct_values_above_the_rows_is_questioned_like_all_of_them() -> None:
    decision = _decide(lambda _r, _v, a: a["columns"]["event"].update(distinct=61))
    assert _one(decision, "distinct.event").figure == 1.0
    assert not decision.released


def test_the_gate_asks_for_every_rule_that_validate_judges() -> None:
    checks = {"complete": {}, "type": {}, "unique": {"min_pass": 0.5}, "allowed": {"values": ["a"]}}
    quality = example.policy(
        quality={
            "rules": {"event": checks, "score": {"range": {"min": 0}, "finite": {}}},
            "predicates": {"order": {"left": "hits", "op": "<=", "right": "score", "min_pass": 0.9}},
            "conflicts_min_pass": 0.1,
        }
    ).quality
    assert named_rules(quality) == {rule.id: rule.min_pass for rule in rules(quality)}
    keyless = example.policy(quality={"key": []}).quality
    assert named_rules(keyless) == {rule.id: rule.min_pass for rule in rules(keyless)}


def test_one_broken_record_of_ten_million_is_not_a_full_pass_rate() -> None:
    rule = {"evaluated": 10_000_000, "broken": 1, "min_pass": 1.0, "pass_rate": 1.0}
    found = _one(_decide(lambda _r, v, _a: v["rules"].update(mixed=rule)), "rules.mixed")
    assert (found.held, found.figure) == (False, 0.999999)


def test_conditions_that_the_policy_turns_off_are_not_claimed() -> None:
    off: dict[str, Any] = {
        "require_privacy_check": False,
        "require_provenance": False,
        "max_malformed": None,
        "license_column": None,
    }
    names = {condition.id.split(".")[0] for condition in _decide(**off).conditions}
    assert names.isdisjoint({"privacy_check", "provenance", "malformed", "record_licenses"})
    assert {"license", "residual_identifiers", "k"} <= names


def test_without_a_k_no_group_is_claimed_to_be_large_enough() -> None:
    policy = example.policy(gate={"require_privacy_check": False}, privacy={"k": None})
    decision = decide(*example.bodies(), MEASURED, policy)
    assert "k" not in {condition.id for condition in decision.conditions}


def test_a_decision_without_conditions_releases_nothing() -> None:
    assert not Decision(()).released


def test_a_leak_scan_that_did_not_run_refuses_even_where_no_privacy_check_is_required() -> None:
    def unscanned(_r: Any, _v: Any, anonymized: Any) -> None:
        anonymized["leaks"] = {"residual": 0, "evaluated": False}

    decision = _decide(unscanned, require_privacy_check=False)
    assert [condition.id for condition in decision.broken] == ["residual_identifiers"]


GONE = "gone"
NEEDED: list[tuple[int, tuple[str, ...]]] = [
    *((0, (key,)) for key in ("accounting", "sources", "malformed", "skipped")),
    *((0, ("sources", "edge", key)) for key in ("files", "license", "owner", "basis", "review_by", "missing_columns")),
    *((0, ("accounting", key)) for key in ("read", "collected", "malformed", "skipped")),
    *((1, (key,)) for key in ("accounting", "rules", "score", "records_evaluated")),
    *((1, ("rules", "score.range", key)) for key in ("evaluated", "broken")),
    *((2, (key,)) for key in ("accounting", "risk", "leaks", "attack", "columns", "withheld", "suppressed")),
    *((2, ("attack", key)) for key in ("hits", "evaluated")),
    *((2, ("leaks", key)) for key in ("residual", "evaluated")),
    *((2, ("risk", key)) for key in ("k_smallest", "evaluated")),
    *((2, ("columns", "event", key)) for key in ("distinct", "rows")),
]


@given(st.sampled_from(NEEDED), st.sampled_from([None, -1, "", [], {}, True, 1.5, [None], GONE]))
def test_a_report_that_lacks_a_part_refuses_and_never_fails(where: tuple[int, tuple[str, ...]], value: Any) -> None:
    bodies = copy.deepcopy(example.bodies())
    report: Any = bodies[where[0]]
    for key in where[1][:-1]:
        report = report[key]
    key = where[1][-1]
    assume(type(report[key]) is not type(value) or report[key] != value)
    report[key] = value
    if value is GONE:
        del report[key]
    decision = decide(*bodies, LICENSED, POLICY)
    assert not decision.released
