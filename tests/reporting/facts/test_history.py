"""Trends over past decisions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from custody.reporting.facts.history import history
from custody.reporting.reading import Read, read
from custody.repository.past import Commit

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report


def test_a_release_and_the_refusal_after_it(no: Report) -> None:
    first, now = no.history
    assert (first.day, first.released, first.policy_changed) == ("2026-11-02", True, False)
    assert (now.commit, now.day, now.released, now.policy_changed) == ("now", "2026-11-03", False, True)
    assert first.rows == 5_513
    assert now.rows == 0
    assert first.pass_rates["threat_score.range"] > 0.98
    assert now.pass_rates["threat_score.range"] < 0.6


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b'{"released": "yes"}', b'{"released": 1, "rows": "many"}', b"\xff", b"[" * 100_000]
)
def test_what_earlier_commits_hold_may_be_anything(refused: Path, text: bytes) -> None:
    names = ("data/metrics/gate.json", "data/metrics/rules.csv", "data/metrics/validate.json", "params.yaml")
    odd = Commit("0" * 40, "2026-01-01", dict.fromkeys(names, text))
    told: Read = replace(read(refused, 0), commits=(odd,))
    assert history(told)[-1].commit == "now"


def test_a_commit_that_changed_no_figure_is_no_point(refused: Path) -> None:
    told = read(refused, 50)
    twice = replace(told, commits=(told.commits[0], told.commits[0], *told.commits[1:]))
    assert history(twice) == history(told)


def test_how_few_people_a_group_of_the_past_had_is_not_told(refused: Path) -> None:
    told = read(refused, 50)
    first, *others = told.commits
    small = replace(first, files={**first.files, "data/metrics/anonymize.json": b'{"k_smallest": 3}'})
    assert history(replace(told, commits=(small, *others)))[0].k_smallest == "fewer than 5"
