"""Conditions on what can be learnt of a person, from what anonymize reports."""

from __future__ import annotations

from typing import Any

import pytest

from custody.policy.privacy import Privacy
from custody.release import people
from custody.release.words import sentence

COLUMNS = {
    "event": {"role": "sensitive", "technique": "keep"},
    "gone": {"role": "sensitive", "technique": "suppress"},
    "user": {"role": "direct", "technique": "mac", "domain": "person"},
}
ASKED: dict[str, Any] = {
    "subject": "user",
    "k": 5,
    "l": 3,
    "l_entropy": 2.5,
    "t": 0.3,
    "unicity": {"max": 0.05, "p": [1, 4]},
    "linkability": {"max": 0.1, "auxiliary": 0.2, "anchor": True},
    "inference": {"max": 0.1},
}


def rate(high: float, *, exact: bool = False) -> dict[str, Any]:
    return {"value": high / 2, "low": 0.0, "high": high, "trials": 117, "exact": exact}


def excess(high: float) -> dict[str, Any]:
    return {"main": rate(high), "control": rate(0.01), "value": 0.01, "low": 0.0, "high": high}


def report() -> dict[str, Any]:
    return {
        "risk": {
            "evaluated": True,
            "k_smallest": 5,
            "sensitive": {"event": {"l": 3, "l_entropy": 2.5, "t": 0.3, "values": 9}},
            "unicity": {"1": rate(0.0, exact=True), "4": rate(0.05)},
            "linkability": {"auxiliary": excess(0.1), "anchor": excess(0.1)},
            "inference": {"event": excess(0.1)},
        }
    }


def policy(**asked: Any) -> Privacy:
    return Privacy.model_validate({"columns": COLUMNS, **(asked or ASKED)}, strict=False)


NAMES = [
    "k",
    "l.event",
    "l_entropy.event",
    "t.event",
    "unicity.1",
    "unicity.4",
    "linkability.auxiliary",
    "linkability.anchor",
    "inference.event",
]


def test_figures_at_their_limits_hold() -> None:
    found = people.conditions(report(), policy())
    assert [one.id for one in found] == NAMES
    assert all(one.held for one in found)


def test_nothing_is_asked_that_the_policy_does_not_name() -> None:
    assert people.conditions(report(), policy(subject="user")) == []


BEYOND = [
    ("k", ("k_smallest",), 4, "k: 4 distinct subjects in the smallest group, at least 5 must"),
    ("l.event", ("sensitive", "event", "l"), 2, "2 values among the subjects of the least diverse group, at least 3"),
    ("l_entropy.event", ("sensitive", "event", "l_entropy"), 2.4999, "2.4999 effective values (entropy)"),
    ("t.event", ("sensitive", "event", "t"), 0.300001, "0.300001 is the distance of the farthest group"),
    (
        "unicity.4",
        ("unicity", "4", "high"),
        0.154,
        "15.4% of 117 subjects are singled out by 4 of their events (upper bound at 95%), at most 5% may",
    ),
    (
        "linkability.auxiliary",
        ("linkability", "auxiliary", "high"),
        0.11,
        "11% of 117 subjects are found by who holds 0.2 of the raw records, beyond chance (upper bound at 95%)",
    ),
    ("linkability.anchor", ("linkability", "anchor", "high"), 0.2, "who holds the pinned earlier release"),
    ("inference.event", ("inference", "event", "high"), 0.2, "20% of 117 subjects' values are guessed beyond"),
]


@pytest.mark.parametrize(("name", "path", "figure", "words"), BEYOND, ids=[case[0] for case in BEYOND])
def test_a_figure_beyond_its_limit_refuses_and_says_so(
    name: str, path: tuple[str, ...], figure: float, words: str
) -> None:
    told = report()
    part = told["risk"]
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = figure
    (broken,) = [one for one in people.conditions(told, policy()) if not one.held]
    assert broken.id == name
    assert words in sentence(broken)


MISSING = [("risk",), *[("risk", key) for key in ("sensitive", "unicity", "linkability", "inference")]]


@pytest.mark.parametrize("path", MISSING)
def test_what_was_not_evaluated_refuses(path: tuple[str, ...]) -> None:
    told = report()
    part = told
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = None
    broken = [one for one in people.conditions(told, policy()) if not one.held]
    assert broken
    assert all(one.figure is None for one in broken)
    assert all("could not be evaluated" in sentence(one) for one in broken)


def test_an_attack_on_nobody_refuses() -> None:
    told = report()
    told["risk"]["inference"]["event"]["main"]["trials"] = 0
    (broken,) = [one for one in people.conditions(told, policy()) if not one.held]
    assert sentence(broken).startswith("inference.event: could not be evaluated")


def test_without_a_pinned_release_the_anchor_refuses_where_it_is_asked_for() -> None:
    told = report()
    told["risk"]["linkability"]["anchor"] = None
    (broken,) = [one for one in people.conditions(told, policy()) if not one.held]
    assert sentence(broken) == (
        "linkability.anchor: could not be evaluated: "
        "no earlier release is pinned, or one of other treatments; custody anchor set REV"
    )
    without = {**ASKED, "linkability": {"max": 0.1}}
    assert all(one.held for one in people.conditions(told, policy(**without)))


GENERALIZED: dict[str, Any] = {"subject": "user", "k": 5, "on_violation": "generalize", "max_suppressed": 0.05}


def generalized(*, reached: bool, dropped: int) -> dict[str, Any]:
    return {
        **report(),
        "accounting": {"candidate": 100 - dropped, "suppressed": dropped + 7},
        "suppressed": {"not_sampled": 7, "skewed_group": 1, "small_group": dropped - 1},
        "generalized": {"reached": reached, "combinations": 42},
    }


def test_levels_that_reach_the_target_hold() -> None:
    found = people.conditions(generalized(reached=True, dropped=5), policy(**GENERALIZED))
    assert [(one.id, one.held, one.figure) for one in found] == [
        ("generalized", True, 0),
        ("suppressed", True, 0.05),
        ("k", True, 5),
    ]


def test_a_ladder_that_never_reaches_the_target_refuses() -> None:
    (broken,) = [
        one for one in people.conditions(generalized(reached=False, dropped=1), policy(**GENERALIZED)) if not one.held
    ]
    assert sentence(broken) == (
        "generalized: none of 42 combinations of levels reaches k, l and t within privacy.max_suppressed"
    )


def test_more_dropped_than_declared_refuses() -> None:
    (broken,) = [
        one for one in people.conditions(generalized(reached=True, dropped=6), policy(**GENERALIZED)) if not one.held
    ]
    assert sentence(broken) == ("suppressed: 6% of 100 usable records are suppressed for their group, at most 5% may")


def test_levels_that_nobody_tells_refuse() -> None:
    broken = [one for one in people.conditions(report(), policy(**GENERALIZED)) if not one.held]
    assert [one.id for one in broken] == ["generalized", "suppressed"]
