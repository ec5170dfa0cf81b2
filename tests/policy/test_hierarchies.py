"""A hierarchy that has gaps, cycles or two answers is a mistake of the policy."""

from __future__ import annotations

from typing import Any

import pytest

from custody.policy.hierarchies import Hierarchy, faults

CASES: list[tuple[list[dict[str, tuple[str, ...]]], str]] = [
    ([{"x": ("a",), "y": ("a",)}], "levels.0.y.0: stands in this level already"),
    ([{"x": ("a", "a")}], "levels.0.x.1: stands in this level already"),
    ([{"x": ("a",)}, {"all": ("x", "z")}], "levels.1.all.1: is no group of the level below"),
    ([{"x": ("a",), "y": ("b",)}, {"all": ("x",)}], "levels.1: no group holds y"),  # a gap
    ([{"OTHER": ("a",)}], "levels.0.OTHER: stands for values that no group covers"),
    ([{"x": ("a",)}, {"a": ("x",)}, {"x": ("a",)}], ""),  # round and round, but each name holds itself: no wrong answer
    ([{"b": ("a",), "a": ("b",)}], "levels.0.a: is also the name of what another group holds"),  # a cycle
    ([{"x": ("a",), "y": ("b",)}, {"a": ("y",), "z": ("x",)}], "levels.1.a: is also the name"),
    ([{"a": ("a", "b")}], ""),  # a group may be called as one of its own
    ([{"x": ("a",), "y": ("b",)}, {"x": ("x",), "y": ("y",)}], ""),
]


@pytest.mark.parametrize(("levels", "fault"), CASES)
def test_each_fault_is_named_with_its_place(levels: Any, fault: str) -> None:
    found = list(faults("team", Hierarchy(levels=tuple(levels))))
    if fault:
        assert any(line.startswith(f"privacy.hierarchies.team.{fault}") for line in found), found
    else:
        assert found == []


def test_each_value_has_its_group_at_every_level() -> None:
    hierarchy = Hierarchy(levels=({"x": ("a", "b"), "y": ("c",)}, {"z": ("x", "y")}))
    assert hierarchy.above(1) == {"a": "x", "b": "x", "c": "y"}
    assert hierarchy.above(2) == {"a": "z", "b": "z", "c": "z"}
