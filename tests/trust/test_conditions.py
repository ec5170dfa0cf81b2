"""A statement's own word that a condition is held is not believed: the policy and the figure say it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.engine import serial
from custody.policy import load
from custody.release import deciding, share, statement
from custody.release.condition import Condition
from custody.trust import conditions
from release import example
from support import ROOT, ZONE

POLICY = load(ROOT / "params.yaml")


def _faults(told: tuple[Condition, ...]) -> list[str]:
    return list(conditions.faults(told, example.policy()))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Condition, ...]:
    """Conditions as a gate wrote them."""
    root = tmp_path_factory.mktemp("conditions")
    policy = example.policy()
    released = root / "released"
    deciding.record(example.build(root, under=policy), released, policy, ZONE, serial.run, example.CODE)
    return statement.read(released).conditions


def test_what_a_gate_wrote_agrees(told: tuple[Condition, ...]) -> None:
    assert _faults(told) == []


def test_no_condition_can_be_left_out_or_made_up(told: tuple[Condition, ...]) -> None:
    for one in told:
        [fault] = _faults(tuple(other for other in told if other is not one))
        assert fault == f"the policy asks for {one.id}, and the statement does not speak of it"
    [fault] = _faults((*told, Condition("rules.made.up", held=True, figure=1, threshold=1, what="x", of=1)))
    assert fault == "the statement speaks of rules.made.up, and the policy does not ask for it"


def test_no_threshold_can_be_changed(told: tuple[Condition, ...]) -> None:
    for one in told:
        least = 0.5 if one.threshold is None else one.threshold - 0.25
        faults = _faults(tuple(replace(other, threshold=least) if other is one else other for other in told))
        assert faults == [f"{one.id} is held against another threshold than the policy's"]


def test_no_threshold_can_be_left_out(told: tuple[Condition, ...]) -> None:
    for one in told:
        if one.threshold is not None:
            faults = _faults(tuple(replace(other, threshold=None) if other is one else other for other in told))
            assert faults == [f"{one.id} is held against another threshold than the policy's"]


def test_nothing_is_held_or_broken_because_it_says_so(told: tuple[Condition, ...]) -> None:
    for one in told:
        faults = _faults(tuple(replace(other, held=not other.held) if other is one else other for other in told))
        said = "broken" if one.held else "held"
        assert faults == [f"{one.id} is said to be {said}, and its figure says otherwise"]


def test_what_has_no_figure_is_broken(told: tuple[Condition, ...]) -> None:
    for one in (one for one in told if one.held and one.threshold is not None):
        faults = _faults(tuple(replace(other, figure=None) if other is one else other for other in told))
        assert faults == [f"{one.id} is said to be held, and its figure says otherwise"]


@given(st.integers(0, 10**7), st.integers(1, 10**7), st.floats(0, 1))
def test_a_share_that_was_cut_still_tells_its_count(part: int, whole: int, threshold: float) -> None:
    part = min(part, whole)
    low, high = conditions._parts(share.of(part, whole), whole)
    assert low <= part <= high
    assert {share.of(low, whole), share.of(high, whole)} == {share.of(part, whole)}
    held = not share.exceeds(part, whole, threshold)
    one = Condition("malformed", held, share.of(part, whole), threshold, "x", whole)
    assert conditions._follows(one, POLICY) is held
