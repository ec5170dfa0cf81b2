"""What the policy alone shows: some is a mistake, some a doubt for people to judge."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from pydantic import ValidationError

from custody.policy import Policy
from custody.policy.lint import doubts
from custody.policy.policy import doubts as placed
from privacy.test_policy import FIELDS, VALUES
from support import ROOT

TYPES: dict[str, Any] = {**FIELDS, "page": "url", "note": "text"}
SAFE: dict[str, Any] = {
    "born": {"role": "quasi", "technique": "round_time", "to": "1Y"},
    "email": {"role": "direct", "technique": "mac", "domain": "mail"},
    "note": {"role": "insensitive", "technique": "redact_text"},
    "page": {"role": "insensitive", "technique": "redact_text"},
    "src_ip": {"role": "direct", "technique": "ip_truncate"},
    "ts": {"role": "quasi", "technique": "round_time", "to": "1d"},
    "user": {"role": "direct", "technique": "mac", "domain": "person"},
}
TEXT = (ROOT / "params.yaml").read_text(encoding="utf-8")


def judged(
    columns: dict[str, Any] | None = None,
    audience: str = "external",
    gate: dict[str, Any] | None = None,
    **privacy: Any,
) -> tuple[list[str], list[str]]:
    """Return the mistakes and the doubts of a policy whose other parts are right."""
    values = copy.deepcopy(VALUES)
    values["schema"] = TYPES
    values["dataset"]["audience"] = audience
    kept = {name: {"role": "insensitive", "technique": "keep"} for name in TYPES}
    values["privacy"] = {"subject": "user", "k": 5, "columns": {**kept, **SAFE, **(columns or {})}, **privacy}
    values["gate"].update(gate or {})
    try:
        policy = Policy.model_validate_json(json.dumps(values))
    except ValidationError as found:
        errors = found.errors()
        if "error" in errors[0].get("ctx", {}):
            return str(errors[0]["ctx"]["error"]).splitlines(), []
        return [f"{'.'.join(map(str, error['loc']))}: {error['type']}" for error in errors], []
    return [], doubts(policy)


def test_a_careful_policy_has_neither_mistake_nor_doubt() -> None:
    assert judged() == ([], [])


def keep(role: str) -> dict[str, Any]:
    return {"role": role, "technique": "keep"}


MISTAKES: list[tuple[dict[str, Any], str]] = [
    # what is changed, and how the mistake begins
    ({"columns": {"ts": keep("quasi")}}, "privacy.columns.ts.technique: a quasi-identifier as it is may not leave"),
    ({"columns": {"hits": keep("quasi")}}, "privacy.columns.hits.technique: a quasi-identifier as it is may not"),
    ({"columns": {"note": keep("insensitive")}}, "privacy.columns.note.technique: text as it is may not leave in an"),
    ({"columns": {"page": keep("sensitive")}}, "privacy.columns.page.technique: text as it is may not leave in an"),
    (
        {"columns": {"src_ip": {"role": "direct", "technique": "ip_prefix", "domain": "n"}}},
        "privacy.columns.src_ip.technique: ip_prefix may not leave in a release whose audience is external",
    ),
    (
        {"columns": {"user": {"role": "direct", "technique": "encrypt_deterministic", "domain": "person"}}},
        "privacy.columns.user.technique: encrypt_deterministic may not leave in a release whose audience is external",
    ),
    ({"subject": None}, "privacy.subject: k counts distinct subjects"),
    (
        {"columns": {"hits": {"role": "quasi", "technique": "generalize", "bins": [0.0, 1.0, 2.0, 10.0]}}},
        "privacy.columns.hits.bins: a class of one whole number is no class",
    ),
    (
        {"columns": {"user": {"role": "direct", "technique": "generalize", "prefix": 8}}},
        "privacy.columns.user.prefix: shows most names as a whole",
    ),
    ({"not_personal": ["root", "alice@corp.example"]}, "privacy.not_personal.1: is a mail address"),
    ({"not_personal": ["10.0.0.1"]}, "privacy.not_personal.0: is a network address"),
    ({"not_personal": ["2001:db8::1"]}, "privacy.not_personal.0: is a network address"),
    ({"not_personal": ["00:1a:2b:3c:4d:5e"]}, "privacy.not_personal.0: is a hardware address"),
]


@pytest.mark.parametrize(("changes", "mistake"), MISTAKES)
def test_a_release_that_protects_nobody_is_a_mistake(changes: dict[str, Any], mistake: str) -> None:
    found, _ = judged(**changes)
    assert [line for line in found if line.startswith(mistake)], found


def test_no_mistake_repeats_a_listed_word() -> None:
    (found,), _ = judged(not_personal=["alice@corp.example"])
    assert "alice" not in found


@pytest.mark.parametrize("technique", ["hash", "md5", "sha256", "crc32", "base64", "xor", "hmac"])
def test_a_plain_hash_cannot_be_said(technique: str) -> None:
    (found,), _ = judged({"user": {"role": "direct", "technique": technique}})
    assert found == "privacy.columns.user: union_tag_invalid"


@pytest.mark.parametrize(
    ("more", "mistake"),
    [
        ({}, "privacy.columns.user.mac.domain: missing"),
        ({"domain": "d", "size": 4}, "privacy.columns.user.mac.size: extra_forbidden"),
        ({"domain": "d", "bits": 32}, "privacy.columns.user.mac.bits: extra_forbidden"),
        ({"domain": "d", "key": "secret"}, "privacy.columns.user.mac.key: extra_forbidden"),
        ({"domain": "d", "salt": "x"}, "privacy.columns.user.mac.salt: extra_forbidden"),
    ],
)
def test_a_pseudonym_has_a_domain_and_neither_a_length_nor_a_key_of_the_policys(more: Any, mistake: str) -> None:
    found, _ = judged({"user": {"role": "direct", "technique": "mac", **more}})
    assert found == [mistake]


DOUBTS: list[tuple[dict[str, Any], str]] = [
    ({"k": None}, "privacy.k: is missing, so nobody counts"),
    ({"k": 2}, "privacy.k: fewer than 5 people"),
    (
        {"columns": {name: keep("insensitive") for name in ("ts", "born")}},
        "privacy.columns: no released column is quasi",
    ),
    ({"gate": {"max_residual_identifiers": 3}}, "gate.max_residual_identifiers: lets identifiers leave"),
    ({"gate": {"distinct_ok": ["event", "user"]}}, "gate.distinct_ok.1: user is direct"),
    (
        {"columns": {"email": keep("insensitive")}},
        "privacy.columns.email.technique: a column of type email names people",
    ),
    (
        {"audience": "internal", "columns": {"note": keep("insensitive")}},
        "privacy.columns.note.technique: names that stand in no other column",
    ),
    (
        {"columns": {"user": {"role": "direct", "technique": "generalize", "prefix": 2}}},
        "privacy.columns.user.prefix: a name as short as it is released",
    ),
    ({"not_personal": ["root", "anna.smith"]}, "privacy.not_personal.1: reads as a person's first and last name"),
    (
        {"columns": {"email": {"role": "direct", "technique": "mac", "domain": "person"}}},
        "privacy.columns: domain person is shared by columns of types email, user",
    ),
]


@pytest.mark.parametrize(("changes", "doubt"), DOUBTS)
def test_what_people_should_judge_is_a_doubt(changes: dict[str, Any], doubt: str) -> None:
    mistakes, found = judged(**changes)
    assert mistakes == []
    assert [line for line in found if line.startswith(doubt)] == found != []


def test_the_demo_leaves_no_doubt_and_each_doubt_stands_with_its_line() -> None:
    policy = Policy.model_validate_json(json.dumps(_values(TEXT)))
    assert placed(policy, TEXT.encode()) == []
    text = TEXT.replace("  - root\n", "  - anna.smith\n")
    (found,) = placed(Policy.model_validate_json(json.dumps(_values(text))), text.encode())
    line = text.splitlines().index("  - anna.smith") + 1
    assert found == f"params.yaml:{line}: privacy.not_personal.0: reads as a person's first and last name"


def _values(text: str) -> Any:
    from custody.policy.yaml import parse  # noqa: PLC0415

    return parse(text.encode(), "params.yaml").values
