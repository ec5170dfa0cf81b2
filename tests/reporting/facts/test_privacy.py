"""Counts of people below k are not told; figures that later versions measure are shown by name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.reporting.facts.people import few
from custody.reporting.facts.privacy import privacy
from custody.reporting.reading import Read, Stage

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report


@given(st.integers(0, 20), st.integers(2, 20))
def test_people_below_k_are_never_told(people: int, k: int) -> None:
    told = few("risk.k_smallest", people, k)
    assert told == (f"fewer than {k}" if 0 < people < k else people)


@pytest.mark.parametrize(
    "name", ["risk.rows_below", "risk.groups_below", "leaks.residual", "withheld.purpose", "attack.hits"]
)
def test_rows_rules_and_defects_stay_exact(name: str) -> None:
    assert few(name, 1, 5) == 1


def test_people_of_the_smallest_group_are_told_once_it_is_large_enough(reading: Any) -> None:
    read = reading()
    for people, told in ((4, "fewer than 5"), (5, 5)):
        risk = {**read.body("anonymize")["risk"], "k_smallest": people}
        [figure] = [one for one in privacy(_with(read, risk=risk)).figures if one.name == "risk.k_smallest"]
        assert (figure.value, figure.suppressed) == (told, people == 4)


def _with(read: Read, **parts: Any) -> Read:
    body = {**read.body("anonymize"), **parts}
    return replace(read, stages={**read.stages, "anonymize": Stage(body, "")})


def test_a_figure_that_has_no_words_yet_is_shown_by_its_name(reading: Any) -> None:
    read = reading()
    risk = {**read.body("anonymize")["risk"], "l_diversity": {"distinct": 3, "subjects": 2}}
    told = privacy(_with(read, risk=risk, linkability={"risk": 0.02, "subjects": 1}))
    figures = {one.words: one.value for one in told.figures}
    assert figures["l diversity: distinct"] == 3
    assert figures["l diversity: subjects"] == "fewer than 5"
    shown = {table.name: table.lines for table in told.others}
    assert shown["linkability"] == (("risk", 0.02), ("subjects", "fewer than 5"))


def test_attacks_are_told_with_whom_they_were_tried_on(yes: Report) -> None:
    told = {one.name: one for one in yes.privacy.attacks}
    assert {"unicity.1", "linkability.auxiliary", "inference.event"} <= set(told)
    assert told["unicity.1"].tried == 119
    assert all(one.high is not None and one.share is not None and one.share <= one.high for one in told.values())
