"""What a change of `.custody/trust.yaml` does: who may open more, or be believed for more, loosens."""

from __future__ import annotations

from typing import Any

import pytest

from custody.history.review import meaning
from custody.history.review.trust import _vouching, approvals, opens
from custody.trust.signers import Trust

ENGINEER = {"engineer": ["pipeline"]}
BOTH = {"engineer": ["pipeline", "reidentify"]}
ADA = {"key": "age1a", "role": "engineer"}
LOST = {"status": "compromised", "since": "2026-06-01"}


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.key, one.answer, one.about) for one in meaning.changes(old, new, meaning.TRUST)]


@pytest.mark.parametrize(
    ("section", "old", "new", "key", "answer"),
    [
        ("roles", ENGINEER, BOTH, "roles", "loosens"),
        ("roles", BOTH, ENGINEER, "roles", "tightens"),
        ("roles", {"engineer": ["pipeline"]}, {"engineer": ["reidentify"]}, "roles", "mixed"),
        ("roles", ENGINEER, {**ENGINEER, "officer": ["reidentify"]}, "roles", "loosens"),
        ("roles", {**ENGINEER, "officer": ["reidentify"]}, ENGINEER, "roles", "tightens"),
        ("roles", ENGINEER, {**ENGINEER, "signer": ["release"]}, "roles", "loosens"),
        ("roles", BOTH, {"engineer": ["reidentify", "pipeline"]}, "roles", "equivalent"),
        ("roles", {**ENGINEER, "officer": ["reidentify"]}, BOTH, "roles", "mixed"),
        ("recipients", {}, {"ada": ADA}, "recipients.ada", "loosens"),
        ("recipients", {"ada": ADA}, {}, "recipients.ada", "tightens"),
        ("recipients", {"ada": ADA}, {"ada": {**ADA, "key": "age1b"}}, "recipients.ada.key", "mixed"),
        ("recipients", {"ada": ADA}, {"ada": {**ADA, "role": "officer"}}, "recipients.ada.role", "mixed"),
        ("signers", {"s": LOST}, {"s": {**LOST, "since": "2026-07-01"}}, "signers.s.since", "loosens"),
        ("signers", {"s": LOST}, {"s": {**LOST, "since": "2026-05-01"}}, "signers.s.since", "tightens"),
        ("signers", {"s": LOST}, {"s": {**LOST, "since": None}}, "signers.s.since", "loosens"),
        ("signers", {"s": {**LOST, "since": None}}, {"s": LOST}, "signers.s.since", "tightens"),
        ("signers", {"s": {"from": "2026-02-01"}}, {"s": {"from": "2026-01-01"}}, "signers.s.from", "loosens"),
        ("signers", {"s": {"from": "2026-01-01"}}, {"s": {"from": "2026-02-01"}}, "signers.s.from", "tightens"),
        ("signers", {"s": {"until": "2027-01-01"}}, {"s": {"until": "2028-01-01"}}, "signers.s.until", "loosens"),
        ("signers", {"s": {"until": "2028-01-01"}}, {"s": {"until": "2027-01-01"}}, "signers.s.until", "tightens"),
    ],
)
def test_a_change_of_who_may_what_is_classed(section: str, old: Any, new: Any, key: str, answer: str) -> None:
    about = "provenance" if section == "signers" else "privacy"
    assert told({section: old}, {section: new}) == [(key, answer, about)]


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ({}, {"releaser": 1}, "mixed"),  # instead of the approver, who is asked where nobody is named
        ({}, {"approver": 1}, "equivalent"),
        ({}, {"approver": 2}, "tightens"),
        ({}, {"approver": 1, "officer": 1}, "tightens"),
        ({"approver": 2}, {}, "loosens"),
        ({"approver": 1}, {}, "equivalent"),
        ({"approver": 1, "officer": 1}, {"approver": 1}, "loosens"),
        ({"approver": 2}, {"approver": 1, "officer": 1}, "mixed"),
        ({"approver": 1}, {"approver": "0"}, "mixed"),
        ({"approver": 1}, ["approver"], "mixed"),
    ],
)
def test_how_many_of_whom_are_asked_is_one_question(old: Any, new: Any, answer: str) -> None:
    assert approvals(old or None, new or None) == answer
    assert [one[1] for one in told({"approvals": old}, {"approvals": new})] == ([answer] if old != new else [])


def test_the_first_role_and_the_last_say_whose_signatures_count() -> None:
    assert opens({}, {"signer": ["release"]}) == "mixed", "instead of a releaser's"
    assert opens({"engineer": "release"}, {"engineer": 5}) == "mixed", "of another form"
    assert opens({}, {"engineer": []}) == "tightens", "without roles a releaser's signature counted"
    assert opens({"engineer": []}, {}) == "loosens"
    assert opens(ENGINEER, {}) == "mixed"
    assert opens({"releaser": ["release"]}, {}) == "tightens"


@pytest.mark.parametrize("roles", [{}, ENGINEER, {"releaser": ["release"]}, {"a": ["release"], "b": ["release"]}])
def test_whose_signatures_count_is_what_the_verifier_believes(roles: dict[str, Any]) -> None:
    trust = Trust(roles={name: tuple(may) for name, may in roles.items()})
    assert set(_vouching(roles)) == trust.vouching()


def test_what_loosens_comes_with_an_example_and_with_no_key() -> None:
    old, new = {"recipients": {}, "roles": ENGINEER}, {"recipients": {"ada": ADA}, "roles": BOTH}
    for one in meaning.changes(old, new, meaning.TRUST):
        assert one.example
        assert "age1a" not in one.example
