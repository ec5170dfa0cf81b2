"""A stage's answer, from what is recorded and what was rebuilt."""

from __future__ import annotations

from typing import Any

import pytest

from custody.history.rebuild.judging import Verdict, built, inconsistent, judge, other_inputs, overall

OUTS = {"data/validated": "a.dir", "data/metrics/validate.json": "b"}


def _report(sha256: str = "1", logical: str = "2", score: float = 0.5, mac: str = "m") -> dict[str, Any]:
    return {"partitions": [{"name": "p", "rows": 3, "sha256": sha256, "logical": logical}], "mac": mac, "score": score}


def _judge(after: dict[str, Any], **outs: str) -> Verdict:
    return judge("validate", built(OUTS, _report()), built({**OUTS, "data/validated": "c.dir", **outs}, after))


def test_equal_outputs_are_reproduced_whatever_is_at_hand() -> None:
    assert judge("validate", built(OUTS, None), built(OUTS, _report())).answer == "reproduced"


def test_other_bytes_of_equal_values_are_equivalent_and_show_both_digests() -> None:
    verdict = _judge(_report(sha256="9", mac="n"))
    assert verdict.answer == "equivalent"
    assert "partition p: equal values, SHA-256 1 recorded, 9 rebuilt" in verdict.why
    assert verdict.why[-1].startswith("all logical digests are equal")


@pytest.mark.parametrize("after", [_report(logical="8"), _report(sha256="9", score=0.6), {"partitions": []}])
def test_other_values_or_figures_are_changed(after: dict[str, Any]) -> None:
    assert _judge(after).answer == "changed"


def test_other_metrics_are_changed_and_so_is_what_cannot_be_compared() -> None:
    assert _judge(_report(sha256="9"), **{"data/metrics/validate.json": "x"}).answer == "changed"
    other = built({**OUTS, "data/validated": "c.dir"}, _report())
    verdict = judge("validate", built(OUTS, None), other)
    assert verdict.answer == "changed"
    assert "partitions were not compared" in verdict.why[-1]


def _stages(read: str, code: str = "1", params: int = 1) -> dict[str, Any]:
    return {
        "collect": {"outs": [{"path": "data/collected", "md5": "x"}]},
        "validate": {
            "deps": [{"path": "data/collected", "md5": read}, {"path": "stages/validate.py", "md5": code}],
            "params": {"params.yaml": {"quality": params}},
        },
    }


def test_a_lock_file_that_contradicts_itself_was_edited() -> None:
    assert inconsistent(_stages("x")) == []
    [said] = inconsistent(_stages("y"))
    assert said.startswith("dvc.lock was edited, or recorded before all stages had run: ")
    assert said.endswith("validate read another data/collected than collect wrote")


def test_a_stage_that_only_reads_the_release_may_be_behind() -> None:
    reader = {"deps": [{"path": "data/collected", "md5": "y"}]}
    assert inconsistent({**_stages("x"), "enforce": reader, "train": reader}) == []


def test_inputs_that_the_revision_does_not_hold_are_named_by_kind() -> None:
    assert other_inputs(_stages("x"), _stages("y"), "validate") == []  # what a stage made is no input of the revision
    [code] = other_inputs(_stages("x"), _stages("x", code="2"), "validate")
    assert code == "code: stages/validate.py is not the one that dvc.lock records"
    [policy] = other_inputs(_stages("x"), _stages("x", params=2), "validate")
    assert policy.startswith("policy: params.yaml")


def test_the_worst_answer_is_the_answer() -> None:
    assert overall([Verdict("a", "reproduced"), Verdict("b", "equivalent")]) == "equivalent"
    assert overall([Verdict("a", "changed"), Verdict("b", "equivalent")]) == "changed"
    assert overall([]) == "unverifiable"
