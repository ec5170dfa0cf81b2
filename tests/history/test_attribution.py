"""A change parted between data and policy: the parts add up, and each is nothing where its player stood still."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.history.attribution import Attribution, Cells, Change, Count, attribute, parted, sentence, signed
from custody.quality.merging import Tally
from custody.quality.rules import DIMENSIONS, Rule
from custody.quality.score import score

IDS = ["label.allowed", "ts.complete", "threat_score.range", "duplicates"]
DIMENSION = dict(zip(IDS, ("accuracy", "completeness", "accuracy", "consistency"), strict=True))
COUNTS = st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(lambda two: (max(two), min(two)))
CORNER = st.dictionaries(st.sampled_from(IDS), COUNTS, max_size=4).map(
    lambda corner: {id_: Count(DIMENSION[id_], evaluated, broken) for id_, (evaluated, broken) in corner.items()}
)
FIGURE = st.fractions(0, 1, max_denominator=1000)


@given(CORNER, CORNER, CORNER, CORNER)
def test_the_parts_of_the_rules_add_up_to_those_of_the_score(
    before: dict[str, Count], after: dict[str, Count], old_data: dict[str, Count], old_policy: dict[str, Count]
) -> None:
    told = attribute(Cells(before, after, old_data, old_policy))
    assert told.orders == 2
    for part in ("total", "policy", "data"):
        rules = sum(getattr(one.score, part) for one in told.rules)
        assert getattr(told.score, part) == pytest.approx(rules, abs=1e-5)
    assert told.score.total == pytest.approx((told.score.policy or 0) + (told.score.data or 0), abs=2e-6)


@given(CORNER, CORNER)
def test_the_total_is_the_change_of_validates_own_score(before: dict[str, Count], after: dict[str, Count]) -> None:
    told = attribute(Cells(before, after, None, None))
    old, new = _score(before), _score(after)
    if old is not None and new is not None:
        assert told.score.total == pytest.approx(new - old, abs=3e-6)
    assert (told.score.policy, told.score.data, told.orders) == (None, None, 0)


def _score(corner: dict[str, Count]) -> float | None:
    known = {dimension: dimension for dimension in DIMENSIONS}
    rules = [Rule(id_, "range", known[one.dimension], "error", 0, ()) for id_, one in corner.items()]  # type: ignore[index]
    return score(rules, {id_: Tally(one.evaluated, one.broken) for id_, one in corner.items()}).score


@given(CORNER, CORNER)
def test_who_stood_still_did_nothing(before: dict[str, Count], after: dict[str, Count]) -> None:
    same_policy = attribute(Cells(before, after, before, after))
    same_data = attribute(Cells(before, after, after, before))
    assert same_policy.score.policy == 0
    assert same_data.score.data == 0
    assert same_policy.score.data == same_data.score.policy == same_policy.score.total


@given(FIGURE, FIGURE, FIGURE, FIGURE)
def test_both_players_are_treated_alike(a: Fraction, b: Fraction, c: Fraction, d: Fraction) -> None:
    one, other = parted([a, b, c, d]), parted([a, c, b, d])
    assert (one.policy, one.data) == (other.data, other.policy)


@given(FIGURE, FIGURE, FIGURE)
def test_one_order_is_that_order(before: Fraction, mixed: Fraction, after: Fraction) -> None:
    assert parted([before, mixed, None, after]).policy == round(float(mixed - before), 6)
    assert parted([before, None, mixed, after]).policy == round(float(after - mixed), 6)


def test_the_sentence_names_the_rules_that_did_it() -> None:
    before = {"threat_score.range": Count("accuracy", 1000, 10), "ts.type": Count("accuracy", 1000, 5)}
    mixed = {"threat_score.range": Count("accuracy", 1000, 72), "ts.type": Count("accuracy", 1000, 5)}
    after = {"threat_score.range": Count("accuracy", 1000, 73), "ts.type": Count("accuracy", 1000, 8)}
    old_policy = {"threat_score.range": Count("accuracy", 1000, 11), "ts.type": Count("accuracy", 1000, 8)}
    told = attribute(Cells(before, after, mixed, old_policy))
    assert (
        sentence(told) == "score -0.033: policy -0.031 (threat_score.range), data -0.002 (ts.type, threat_score.range)"
    )
    assert [one.id for one in told.rules] == ["threat_score.range", "ts.type"]


def test_a_rule_of_one_policy_has_no_change_of_its_rate_but_a_part_in_the_score() -> None:
    after = {"new.range": Count("accuracy", 100, 50)}
    [rule] = attribute(Cells({}, after, after, {})).rules
    assert (rule.before, rule.after, rule.rate) == (None, 0.5, None)
    assert rule.score == Change(-0.5, -0.5, 0)


def test_what_cannot_be_told_apart_is_said() -> None:
    assert (
        sentence(Attribution(Change(-0.1, None, None), (), 0)) == "score -0.100: policy and data cannot be told apart"
    )


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (-0.0312, "-0.031"), (0.1, "+0.100"), (-0.000021, "-0.000021")])
def test_a_small_change_is_never_told_as_none(value: float, text: str) -> None:
    assert signed(value) == text
