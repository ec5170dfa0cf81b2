"""Conditions on signals and their findings."""

from __future__ import annotations

from typing import Any

import pytest

from custody.release.findings import findings, signals
from custody.release.words import sentence
from release.example import policy

ONE = {
    "id": "one_class-1a2b3c4d",
    "code": "one_class",
    "where": "edge",
    "count": 60,
    "of": 60,
    "severity": "medium",
    "action": "review",
    "what": "labelled records of this source have the same label",
    "figures": {},
}


def report(*found: dict[str, Any], **own: Any) -> dict[str, Any]:
    told = {"evaluated": True, "reason": None, "findings": len(found), **own}
    return {"signals": {"one_class": told}, "findings": list(found)}


POLICY = policy(
    schema={"verdict": "category"},
    quality={"label": "verdict", "signals": {"one_class": {}}},
    privacy={
        "columns": {
            **policy().privacy.model_dump(mode="json", exclude_none=True, exclude_unset=True)["columns"],
            "verdict": {"role": "label", "technique": "keep"},
        }
    },
)


@pytest.mark.parametrize(
    ("action", "reviewed", "held"),
    [
        ("warn", {}, True),
        ("quarantine", {}, True),
        ("review", {}, False),
        ("review", {ONE["id"]: "2026-10-30"}, True),
        ("review", {"one_class-ffffffff": "2026-10-30"}, False),
        ("refuse", {ONE["id"]: "2026-10-30"}, False),
        ("ignore", {}, False),
    ],
)
def test_a_finding_refuses_as_its_action_says(action: str, reviewed: dict[str, str], held: bool) -> None:  # noqa: FBT001
    gate = policy(gate={"reviewed": reviewed}).gate
    (condition,) = findings(report({**ONE, "action": action}), gate)
    assert (condition.id, condition.held, condition.figure) == ("findings.one_class-1a2b3c4d", held, 60)


def test_a_refusal_says_how_to_accept_the_finding() -> None:
    (condition,) = findings(report(ONE), policy().gate)
    assert sentence(condition) == (
        "findings.one_class-1a2b3c4d: 60 of 60 labelled records of this source have the same label (edge); "
        "once reviewed, name one_class-1a2b3c4d under gate.reviewed"
    )


def test_a_signal_that_was_looked_for_is_held() -> None:
    assert [one.held for one in signals(report(), POLICY.quality, POLICY.gate)] == [True]


@pytest.mark.parametrize(
    "validated",
    [{}, {"signals": {}}, report(evaluated=False, reason="check_failed"), report(evaluated="yes"), {"signals": 3}],
)
def test_a_signal_that_was_not_looked_for_refuses(validated: dict[str, Any]) -> None:
    (condition,) = signals(validated, POLICY.quality, POLICY.gate)
    assert (condition.id, condition.held, condition.figure) == ("signals.one_class", False, None)


@pytest.mark.parametrize("required", [True, False])
def test_without_an_anchor_the_condition_says_so_and_the_policy_decides(required: bool) -> None:  # noqa: FBT001
    gate = policy(gate={"require_anchor": required}).gate
    (condition,) = signals(report(evaluated=False, reason="no_anchor"), POLICY.quality, gate)
    assert condition.held is not required
    assert "no anchor" in sentence(condition)


def test_a_report_that_lost_a_finding_refuses() -> None:
    lost = report(ONE)
    lost["findings"] = []
    assert [one.held for one in findings(lost, policy().gate)] == [False]
    assert [one.held for one in findings(report({**ONE, "count": "many"}), policy().gate)] == [False]
