"""Conditions read as plain sentences, and are safe to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from custody.release import statement
from custody.release.condition import Condition
from custody.release.decision import decide
from custody.release.words import counted, headline, sentence
from release import example
from release.test_decision import GATE, LICENSED

if TYPE_CHECKING:
    from pathlib import Path


def _sentences(change: object = None, **gate: object) -> list[str]:
    bodies = example.bodies()
    if callable(change):
        change(*bodies)
    decision = decide(*bodies, LICENSED, example.policy(gate={**GATE, **gate}))
    return [sentence(condition) for condition in decision.broken]


# what breaks → the sentence that says so
SAID = [
    (
        lambda _r, v, _a: v["rules"]["score.range"].update(evaluated=5120, broken=1475),
        {},
        "rules.score.range: 71.1914% of 5,120 records hold, at least 95% must",
    ),
    (
        lambda _r, v, _a: v["rules"]["score.range"].update(evaluated=0, broken=0),
        {},
        "rules.score.range: nothing evaluated",
    ),
    (None, {"min_quality_score": 0.95}, "quality_score: 0.9 is the quality score, at least 0.95 must"),
    (None, {"min_rows": 5000}, "rows: 60 rows in the candidate, at least 5,000 must"),
    (None, {"max_malformed": 0.01}, "malformed: 2.5% of 80 records read are malformed, at most 1% may"),
    (
        lambda _r, _v, a: a["leaks"].update(residual=3),
        {},
        "residual_identifiers: 3 identifiers left in the candidate, at most 0 may",
    ),
    (
        lambda _r, _v, a: a["attack"].update(hits=1200),
        {},
        "attack: 1,200 guesses of a stranger without the key give a released value, at most 0 may",
    ),
    (
        lambda _r, _v, a: a["risk"].update(k_smallest=2),
        {},
        "k: 2 distinct subjects in the smallest group, at least 5 must",
    ),
    (
        lambda _r, _v, a: a["columns"]["event"].update(distinct=59),
        {},
        "distinct.event: 98.3333% of 60 values are distinct, at most 90% may",
    ),
    (None, {"licenses": ["Apache-2.0"]}, "license.alerts: CC-BY-4.0 is not in gate.licenses"),
    (
        lambda r, _v, _a: r["sources"]["edge"].update(owner="unknown", review_by="2026-10-01"),
        {},
        "provenance.edge: owner is not known; its review was due on 2026-10-01, before 2026-11-01 (dataset.as_of)",
    ),
    (lambda r, _v, _a: r["skipped"].clear(), {}, "accounting: skipped = skipped of all reasons"),
    (lambda r, _v, _a: r["sources"]["edge"].update(missing_columns=["user"]), {}, "missing_columns.edge: user"),
]


@pytest.mark.parametrize(("change", "gate", "said"), SAID)
def test_a_broken_condition_says_its_figure_and_its_threshold(
    change: object, gate: dict[str, object], said: str
) -> None:
    assert _sentences(change, **gate) == [said]


def test_a_share_without_a_threshold_is_told_alone() -> None:
    said = "values are distinct; gate.distinct_ok lists it"
    held = Condition(id="distinct.event", held=True, figure=0.98, threshold=None, what=said, of=5090)
    assert sentence(held) == f"distinct.event: 98% of 5,090 {said}"


def test_an_unknown_condition_is_still_told() -> None:
    assert sentence(Condition("later.thing", False, 3, 1, "things")) == "later.thing: 3 things, at most 1 may"  # noqa: FBT003  # broken


def test_counts_have_their_noun() -> None:
    assert (counted(1, "row"), counted(5090, "row")) == ("1 row", "5,090 rows")


def test_the_headline_of_a_release_counts_rows_and_files(released: Path) -> None:
    assert headline(statement.read(released)) == "released 60 rows in 2 files"


def test_the_headline_of_a_refusal_counts_conditions(refused: Path) -> None:
    assert headline(statement.read(refused)) == "refused: 2 conditions broken"
