"""The score and its dimensions are what the formula says, rounded down."""

from __future__ import annotations

import pytest

from custody.quality.merging import Tally
from custody.quality.rules import rules
from custody.quality.score import pass_rate, score
from quality.collecting import quality

POLICY = quality(
    duplicates="warn",
    rules={"amount": {"complete": {}, "finite": {}, "range": {"min": 0}}, "user": {"complete": {}}},
    predicates={"p": {"left": "hits", "op": ">", "value": 0}},
)
RULES = rules(POLICY)


def test_a_dimension_pools_its_rules_and_the_score_is_their_mean() -> None:
    tallies = {
        "amount.complete": Tally(10, 1),
        "user.complete": Tally(10, 2),
        "amount.finite": Tally(9, 0),
        "amount.range": Tally(9, 3),
        "duplicates": Tally(10, 0),
        "predicates.p": Tally(2, 1),
    }
    found = score(RULES, tallies)
    assert found.dimensions == {"completeness": 0.85, "accuracy": 0.833333, "consistency": 0.916666}
    assert found.score == 0.866666  # (17/20 + 15/18 + 11/12) / 3 = 0.8666…


def test_a_dimension_without_evidence_is_left_out_and_without_any_there_is_no_score() -> None:
    nothing = {rule.id: Tally(0, 0, "nothing_evaluated") for rule in RULES}
    assert score(RULES, nothing).score is None
    found = score(RULES, {**nothing, "duplicates": Tally(4, 1)})
    assert found.dimensions == {"completeness": None, "accuracy": None, "consistency": 0.75}
    assert found.score == 0.75


@pytest.mark.parametrize(
    ("evaluated", "broken", "rate"),
    [(0, 0, None), (1, 1, 0.0), (20, 1, 0.95), (3, 1, 0.666666), (10_000_000, 1, 0.999999), (7, 0, 1.0)],
)
def test_a_pass_rate_is_never_rounded_up(evaluated: int, broken: int, rate: float | None) -> None:
    assert pass_rate(Tally(evaluated, broken)) == rate
