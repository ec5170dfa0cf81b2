"""Rules on the page: the gate's answers, the allowance that is used, the trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report


def test_a_broken_rule_comes_first_with_its_allowance_and_its_fall(no: Report) -> None:
    first, *others = no.quality.rules
    assert (first.id, first.held) == ("threat_score.range", False)
    assert first.pass_rate is not None
    assert first.min_pass is not None
    assert first.allowance == pytest.approx((1 - first.pass_rate) / (1 - first.min_pass), abs=1e-4)
    assert [commit for commit, _ in first.trend][-1] == "now"
    assert first.trend[0][1] > first.trend[-1][1] == first.pass_rate
    assert all(rule.held and (rule.allowance or 0) <= 1 for rule in others)


def test_a_rule_without_a_threshold_has_no_allowance(yes: Report) -> None:
    assert {rule.id: rule.allowance for rule in yes.quality.rules if rule.min_pass == 0} == {
        "conflicts": None,
        "duplicates": None,
    }


def test_every_rule_of_the_report_is_there(yes: Report) -> None:
    judged = [one.id.removeprefix("rules.") for one in yes.decision.conditions if one.id.startswith("rules.")]
    assert sorted(rule.id for rule in yes.quality.rules) == sorted(judged)
