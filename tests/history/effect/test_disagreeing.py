"""Where meaning and effect disagree: by class, by what is done."""

from __future__ import annotations

from typing import Any

import pytest

from custody.history.effect.disagreeing import disagreements

ADMITTED = {"flows": {"admitted": {"records": 12}}}
LEFT = {"flows": {"quarantined": {"records": 1}, "no longer admitted": {"records": 1}}}
SHOWN = {"columns": {"exposed": {"ts": "level 3 → 2"}, "covered": {}}}
YES, NO = ("refused", "released"), ("released", "refused")


@pytest.mark.parametrize(
    ("answer", "told", "decisions", "said"),
    [
        ("tightens", ADMITTED, NO, ["classed as tightening, yet 12 records are newly admitted"]),
        ("tightens", LEFT, NO, []),
        ("tightens", SHOWN, NO, ["classed as tightening, yet column ts shows more: level 3 → 2"]),
        ("tightens", {}, YES, ["classed as tightening, yet the gate flips to released"]),
        ("loosens", ADMITTED, YES, []),
        ("loosens", LEFT, YES, ["classed as loosening, yet 1 record is no longer admitted"]),
        ("loosens", {}, NO, ["classed as loosening, yet the gate flips to refused"]),
        ("equivalent", ADMITTED, ("released",) * 2, ["classed as equivalent, yet 12 records are newly admitted"]),
        ("equivalent", {}, NO, ["classed as equivalent, yet the gate flips to refused"]),
        ("equivalent", {}, ("released",) * 2, []),
        ("mixed", ADMITTED | SHOWN, NO, []),
    ],
)
def test_what_is_done_against_what_is_meant_is_told(
    answer: str, told: dict[str, Any], decisions: tuple[str, str], said: list[str]
) -> None:
    nothing: dict[str, Any] = {"flows": {}, "columns": {"exposed": {}, "covered": {}}}
    assert disagreements(answer, nothing | told, decisions) == said


def test_an_equivalent_change_does_not_even_change_a_reason() -> None:
    told = {"flows": {"re-reasoned": {"records": "<5"}}, "columns": {"exposed": {}, "covered": {}}}
    said = ["classed as equivalent, yet <5 records are newly re-reasoned"]
    assert disagreements("equivalent", told, ("released", "released")) == said
