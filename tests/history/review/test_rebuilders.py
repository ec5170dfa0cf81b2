"""Whose verdicts on rebuilds count less: their no counts less, so it does not only tighten."""

from __future__ import annotations

from typing import Any

import pytest

from custody.history.review import meaning
from custody.history.review.rebuilders import rebuilding, rules
from custody.trust.signers import Trust

DAYS = {"from": "2026-01-01", "until": "2027-01-01"}
BOB = {"key": "k", "owner": "o", "role": "rebuilder", **DAYS}
ADA = {**BOB, "role": "releaser"}
ENGINEER = {"engineer": ["pipeline"], "releaser": ["release"]}


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.key, one.answer) for one in meaning.changes(old, new, rules(old, new))]


@pytest.mark.parametrize(
    ("changed", "key", "rebuilder", "releaser"),
    [
        (None, "", "mixed", "tightens"),
        ({"status": "compromised"}, ".status", "mixed", "mixed"),  # from what is not written to a word
        ({"status": "retired"}, ".status", "mixed", "mixed"),
        ({"from": "2026-02-01"}, ".from", "mixed", "tightens"),
        ({"from": "2025-01-01"}, ".from", "loosens", "loosens"),
        ({"until": "2026-12-01"}, ".until", "mixed", "tightens"),
        ({"until": "2028-01-01"}, ".until", "loosens", "loosens"),
    ],
)
def test_who_believes_a_rebuilder_less_believes_his_no_less(
    changed: dict[str, str] | None, key: str, rebuilder: str, releaser: str
) -> None:
    for one, answer in ((BOB, rebuilder), (ADA, releaser)):
        new = {} if changed is None else {"x": {**one, **changed}}
        assert told({"signers": {"x": one}}, {"signers": new}) == [(f"signers.x{key}", answer)]


@pytest.mark.parametrize(("status", "answer"), [("compromised", "mixed"), ("retired", "tightens")])
def test_a_retired_rebuilder_keeps_his_verdicts(status: str, answer: str) -> None:
    old = {"signers": {"x": {**BOB, "status": "active"}}}
    assert told(old, {"signers": {"x": {**BOB, "status": status}}}) == [("signers.x.status", answer)]
    lost = {"signers": {"x": {**BOB, "status": "compromised"}}}
    assert told(lost, {"signers": {}}) == [("signers.x", "tightens")], "none of his verdicts counted"


def test_another_rebuilder_loosens() -> None:
    assert told({"signers": {}}, {"signers": {"x": BOB}}) == [("signers.x", "loosens")]


def test_a_role_that_may_rebuild_no_more_takes_verdicts_out_of_the_count() -> None:
    signers = {"bob": {**BOB, "role": "engineer"}, "ada": ADA}
    less = {**ENGINEER, "engineer": []}
    old, new = {"roles": ENGINEER, "signers": signers}, {"roles": less, "signers": signers}
    [one] = meaning.changes(old, new, rules(old, new))
    assert (one.key, one.answer) == ("roles", "mixed")
    assert one.example == "what bob found on rebuilding a release, a no among it, counts no more"
    assert told(new, old) == [("roles", "loosens")]
    nobody = {"ada": ADA}
    assert told({"roles": ENGINEER, "signers": nobody}, {"roles": less, "signers": nobody}) == [("roles", "tightens")]


def test_the_first_role_and_the_last_say_who_may_rebuild() -> None:
    with_roles = {"roles": {"releaser": ["release"]}, "signers": {"x": BOB}}
    without = {"signers": {"x": BOB}}
    assert told(without, with_roles) == [("roles", "mixed")], "his role was the one that may rebuild"
    assert told(with_roles, without) == [("roles", "mixed")], "releasers sign by default, and he may rebuild"


@pytest.mark.parametrize("roles", [{}, ENGINEER, {"releaser": ["release"]}, {"a": ["pipeline"], "b": ["pipeline"]}])
def test_who_may_rebuild_is_what_the_verifier_believes(roles: dict[str, Any]) -> None:
    trust = Trust(roles={name: tuple(may) for name, may in roles.items()})
    assert rebuilding(roles) == trust.rebuilding()


def test_a_rebuilders_example_names_no_key() -> None:
    old = {"signers": {"x": BOB}}
    [one] = meaning.changes(old, {"signers": {}}, rules(old, {"signers": {}}))
    assert one.example == "what x found on rebuilding a release, a no among it, counts no more"
