"""`custody review` runs both policies on HEAD's inputs, in a repository with a past."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from history import past
from history.effect.asking import effect, files, left_over, review

if TYPE_CHECKING:
    from pipeline.project import Project

pytestmark = pytest.mark.xdist_group("past")  # the repository is built once


def test_a_stricter_range_quarantines_and_admits_nobody(old: Project) -> None:
    told = effect(old, "v1..v2", status=0)
    flow = {"records": 20, "persons": 9, "by_source": {"edge": 20}, "by_reason": {"quarantined: risk.range": 20}}
    assert told["flows"] == {"quarantined": flow, "no longer admitted": flow}
    assert told["decision"] == {"before": "released", "after": "released", "newly_broken": [], "newly_held": []}
    assert (told["figures"]["rows"], told["pass_rates"]) == ([190, 170], {"risk.range": [0.95, 0.85]})
    assert (told["disagreements"], told["flips"]) == ([], None)
    assert told["persons"] == {"entering": 0, "leaving": 0}


def test_the_way_back_admits_them_and_asks_for_a_sign_off(old: Project) -> None:
    told = review(old, "v2..v1", status=1)["report"]
    assert told["effect"]["flows"]["admitted"]["by_reason"] == {"quarantined: risk.range": 20}
    assert told["asks"] == ["something loosens"]


def test_a_gate_that_flips_to_refused_asks_for_a_sign_off(old: Project) -> None:
    told = review(old, "v3..v4", status=1)["report"]
    assert (told["effect"]["flips"], told["asks"]) == ("refused", ["the gate flips to refused"])
    [condition] = told["effect"]["decision"]["newly_broken"]
    assert condition.startswith("quality_score: ")
    assert told["effect"]["flows"] == {}
    assert old.run("custody", "review", "v3..v4").stdout.startswith("released → refused, needs sign-off")


def test_with_data_changed_too_the_effect_is_on_head_s_data_and_each_has_its_part(old: Project) -> None:
    told = review(old, "v1..v3", status=0)["report"]
    assert told["effect"]["flows"]["quarantined"]["records"] == 20
    assert told["effect"]["figures"]["rows"] == [220, 200]
    parts = told["attribution"]
    assert parts["figures"]["rows"] == {"total": 10, "policy": -20, "data": 30}
    assert parts["figures"]["score"]["policy"] + parts["figures"]["score"]["data"] == pytest.approx(
        parts["figures"]["score"]["total"]
    )
    assert parts["score"].startswith("score -0.021: policy -0.022 (risk.range), data +0.001")


def test_two_reviews_are_one_report_byte_for_byte_and_nothing_else_is_touched(copied: Project) -> None:
    (copied.root / "params.yaml").write_text("dirty: true\n", encoding="utf-8")
    (copied.root / "data" / "sources" / "edge.csv").write_text("dirty\n", encoding="utf-8")
    before = files(copied)
    one, other = (copied.run("custody", "review", "--json", "v1..v3") for _ in range(2))
    assert one.stdout == other.stdout
    assert json.loads(one.stdout)["report"]["effect"]["computed"]
    assert files(copied) == before
    assert left_over() == []
    assert str(copied.root) not in one.stdout


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_no_raw_value_and_no_pseudonym_is_told(old: Project, form: str) -> None:
    said = old.run("custody", "review", "v1..v3", "--format", form).stdout
    assert "risk.range" in said
    names = [f"user-{i}" for i in range(9)] + [f"team-{i}" for i in range(3)] + ["secret-class"]
    assert [name for name in names if name in said] == []
    assert past.K < 5  # what is hidden is hidden by the least k, not by the policy's smaller one
    assert "<5" in said
