"""What a change of policy means: prepared changes of the demo's policy, each classed as it must be."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
import yaml

from custody.history.review import meaning
from custody.history.review.rules import together
from custody.policy.policy import check, json_schema
from support import ROOT
from trust import models

TEXT = (ROOT / "params.yaml").read_text(encoding="utf-8")
GONE = object()
RANGE = "quality.rules.threat_score.range"
KEEP = {"role": "quasi", "technique": "keep"}
MAC = {"role": "direct", "technique": "mac", "domain": "a"}
CUT = {"role": "quasi", "technique": "ip_truncate", "v4": 24, "v6": 48}
# What is changed, into what, and the answer for all of it together.
CASES: list[tuple[dict[str, Any], str]] = [
    ({"sources.sshd.description": "Logins"}, "equivalent"),
    ({"gate.licenses": ["CC-BY-4.0", "Apache-2.0"]}, "equivalent"),
    ({"gate.confidence": GONE}, "equivalent"),  # a default that is written out no more
    ({"gate.require_anchor": GONE, "gate.reviewed": GONE}, "equivalent"),
    ({"privacy.not_personal": ["test", "root", "admin", "oracle", "guest", "ubuntu"]}, "equivalent"),
    ({"quality.signals.outliers.deviations": 10.0}, "equivalent"),
    ({"privacy.k": 6}, "tightens"),
    ({f"{RANGE}.max": 0.9}, "tightens"),
    ({"privacy.columns.department": {"role": "quasi", "technique": "suppress"}}, "tightens"),
    ({"privacy.retention_days": 100, "gate.max_malformed": 0.1}, "tightens"),
    ({"gate.licenses": ["CC-BY-4.0"], "gate.signatures": {"releaser": 2}}, "tightens"),
    ({"privacy.columns.ts.to": "7d", "privacy.attack": "full"}, "tightens"),
    ({"privacy.k": 3}, "loosens"),
    ({"privacy.retention_days": GONE}, "loosens"),
    ({"privacy.columns.ts": KEEP}, "loosens"),
    ({"sources.sshd.provenance.license": "unknown"}, "loosens"),
    ({RANGE: GONE, "quality.rules.ts.complete.severity": "warn"}, "loosens"),
    ({"privacy.t": 0.9, "gate.min_quality_score": 0.5, "privacy.inference": GONE}, "loosens"),
    ({"privacy.k": 6, "gate.min_quality_score": 0.5}, "mixed"),
    ({"privacy.on_violation": "refuse", "privacy.max_suppressed": GONE}, "mixed"),
    ({"keys.check": "0123456789abcdef"}, "mixed"),
    ({"privacy.columns.user": {"role": "direct", "technique": "mask", "keep_first": 1}}, "mixed"),
    ({f"{RANGE}.min": -1, f"{RANGE}.max": 0.9}, "mixed"),
    ({"sources.sshd.path": "data/sources/other.log"}, "mixed"),
]
NAMES = [f"{answer}-{next(iter(edits))}" for edits, answer in CASES]


def _changed(edits: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = copy.deepcopy(yaml.safe_load(TEXT))
    for key, new in edits.items():
        *path, last = key.split(".")
        place = values
        for part in path:
            place = place[part]
        place[last] = new
        if new is GONE:
            del place[last]
    return values


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    """The policy with its defaults, as a review sees it; it must hold."""
    policy, mistakes = check(yaml.safe_dump(values, sort_keys=False).encode())
    assert policy is not None, mistakes
    return policy.model_dump(mode="json", by_alias=True)


def _changes(old: dict[str, Any], new: dict[str, Any]) -> list[meaning.Change]:
    return list(meaning.changes(_whole(old), _whole(new), meaning.POLICY))


def _answer(old: Any, new: Any) -> str:
    return meaning.POLICY["privacy.columns.*"].compare(old, new)


@pytest.mark.parametrize(("edits", "answer"), CASES, ids=NAMES)
def test_each_prepared_change_is_classed_rightly(edits: dict[str, Any], answer: str) -> None:
    found = _changes(_changed({}), _changed(edits))
    assert together(one.answer for one in found) == answer
    assert meaning.loosens(found) == (answer in {"loosens", "mixed"})
    assert all(any(one.key.startswith(key) or key.startswith(one.key) for key in edits) for one in found)


@pytest.mark.parametrize(("edits", "answer"), CASES, ids=NAMES)
def test_the_way_back_means_the_opposite(edits: dict[str, Any], answer: str) -> None:
    opposite = {"tightens": "loosens", "loosens": "tightens"}.get(answer, answer)
    assert together(one.answer for one in _changes(_changed(edits), _changed({}))) == opposite


def test_each_loosening_has_an_example_and_nothing_else_has() -> None:
    for edits, _ in CASES:
        for one in _changes(_changed({}), _changed(edits)):
            assert (one.example is not None) == (one.answer in {"loosens", "mixed"})
    [k] = _changes(_changed({}), _changed({"privacy.k": 3}))
    said = "privacy.k: 5 → 3: loosens (privacy); for example, a group of fewer than 5 people is released"
    assert k.line() == said


def test_a_source_or_a_column_more_loosens_and_less_tightens() -> None:
    old = _whole(_changed({}))
    new = copy.deepcopy(old)
    new["sources"]["more"] = copy.deepcopy(new["sources"]["sshd"])
    new["schema"]["more"] = "category"
    new["privacy"]["columns"]["more"] = {"role": "insensitive", "technique": "keep"}
    found = {one.key: one.answer for one in meaning.changes(old, new, meaning.POLICY)}
    assert found == {"sources.more": "loosens", "schema.more": "loosens", "privacy.columns.more": "loosens"}
    assert {one.answer for one in meaning.changes(new, old, meaning.POLICY)} == {"tightens"}


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        (MAC, {**MAC, "technique": "encrypt_deterministic"}, "loosens"),
        (MAC, {**MAC, "domain": "b"}, "mixed"),
        (CUT, {**CUT, "v4": 16}, "tightens"),
        (CUT, {**CUT, "v4": 16, "v6": 64}, "mixed"),
        (CUT, {**CUT, "role": "insensitive"}, "loosens"),
        (CUT, {**CUT, "role": "insensitive", "v4": 16}, "mixed"),
        ({**KEEP, "technique": "suppress", "scope": "column"}, None, "equivalent"),
        (
            {**KEEP, "technique": "suppress", "scope": "cell"},
            {**KEEP, "technique": "suppress", "scope": "column"},
            "tightens",
        ),
        ({**KEEP, "technique": "round_time", "to": "28d"}, {**KEEP, "technique": "round_time", "to": "1M"}, "mixed"),
        ({**KEEP, "technique": "round_time", "to": "1M"}, {**KEEP, "technique": "round_time", "to": "1d"}, "loosens"),
        ({**KEEP, "fold_rare": True}, {**KEEP, "fold_rare": False}, "loosens"),
    ],
)
def test_a_column_is_classed_by_technique_role_and_strength_together(old: Any, new: Any, answer: str) -> None:
    assert _answer(old, new) == answer


def test_a_key_that_no_rule_knows_counts_as_loosening() -> None:
    [one] = meaning.changes({"new": {"key": 1}}, {"new": {"key": 2}}, meaning.POLICY)
    assert (one.key, one.answer) == ("new.key", "mixed")
    [one] = meaning.changes({}, {"new": {"key": 2}}, meaning.POLICY)
    assert (one.key, one.answer) == ("new.key", "mixed")


def test_trusted_keys_loosen_by_one_more_and_tighten_by_one_less() -> None:
    ada = {
        "key": "a",
        "owner": "o",
        "role": "releaser",
        "from": "2026-01-01",
        "until": "2027-01-01",
        "status": "active",
    }

    def answers(old: Any, new: Any) -> list[str]:
        return [one.answer for one in meaning.changes({"signers": old}, {"signers": new}, meaning.TRUST)]

    assert answers({}, {"ada": ada}) == ["loosens"]
    assert answers({"ada": ada}, {}) == ["tightens"]
    assert answers({"ada": ada}, {"ada": {**ada, "status": "retired"}}) == ["tightens"]
    assert answers({"ada": ada}, {"ada": {**ada, "until": "2028-01-01"}}) == ["loosens"]
    assert answers({"ada": ada}, {"ada": {**ada, "role": "other"}}) == ["mixed"]


@pytest.mark.parametrize(
    ("rules", "schema"),
    [(meaning.POLICY, json_schema()), (meaning.TRUST, models.Trust.model_json_schema(by_alias=True))],
)
def test_every_rule_speaks_of_keys_that_there_are(rules: dict[str, Any], schema: dict[str, Any]) -> None:
    known = {"*", *re.findall(r'"(\w+)": \{', json.dumps(schema))}
    assert {part for pattern in rules for part in pattern.split(".")} <= known


def test_every_key_of_the_demo_s_policy_has_a_rule() -> None:
    def without(value: Any, path: tuple[str, ...] = ()) -> list[str]:
        rule = meaning._rule(meaning.POLICY, path)
        if rule is not None and meaning._whole(meaning.POLICY, path):
            return []
        if isinstance(value, dict):
            return [key for name, one in value.items() for key in without(one, (*path, name))]
        return [] if rule is not None else [".".join(path)]

    assert without(_whole(_changed({}))) == []
