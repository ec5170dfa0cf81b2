"""The policy as a whole: closed, explained with places, named by its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

from custody.errors import CustodyError
from custody.policy import json_schema, load
from custody.policy.policy import check
from support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (ROOT / "params.yaml").read_bytes()


def test_the_shipped_policy_has_no_mistake() -> None:
    policy, found = check(TEXT)
    assert found == []
    assert policy is not None
    assert policy.dataset.name == "auth-events"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  k: ", "  kk: ", "privacy.kk: is not a key of the policy"),
        ("gate:", "gates:", "gates: is not a key of the policy"),
        ("technique: mac", "technique: sha1", "privacy.columns.user"),
        ("type: csv", "type: excel", "sources.edge.format"),
        ("zone: demo", "zone: 5", "keys.zone: must be text; quote it"),
        ("path: data/sources/auth.log", "path: ../auth.log", "sources.sshd.path: must be a plain relative path"),
        ("path: data/sources/auth.log", "path: /etc/passwd", "sources.sshd.path: must be a plain relative path"),
        ("subject: user", "subject: nobody", "privacy.subject: nobody is not a column of schema"),
        ("as_of: '2026-11-01'", "as_of: '2026-13-01'", "dataset.as_of: must be a quoted day"),
        ("technique: mac", "technique: keep", "privacy.columns.user"),
    ],
)
def test_a_mistake_is_named_with_its_place(old: str, new: str, words: str) -> None:
    assert old.encode() in TEXT
    policy, found = check(TEXT.replace(old.encode(), new.encode(), 1))
    assert policy is None
    assert any(words in line for line in found), found
    number = int(found[0].split(":")[1])
    assert 1 <= number <= TEXT.count(b"\n")


def test_a_direct_identifier_cannot_be_kept() -> None:
    values = yaml.safe_load(TEXT)
    values["privacy"]["columns"]["user"] = {"role": "direct", "technique": "keep"}
    _, found = check(yaml.safe_dump(values).encode())
    assert any("privacy.columns.user.technique: a direct identifier cannot be kept" in line for line in found)


def test_every_schema_column_needs_a_technique() -> None:
    values = yaml.safe_load(TEXT)
    del values["privacy"]["columns"]["message"]
    _, found = check(yaml.safe_dump(values).encode())
    assert any("privacy.columns: message has no role and technique" in line for line in found)


@pytest.mark.parametrize("technique", ["ip_prefix", "encrypt_deterministic"])
def test_an_external_release_may_hold_nothing_reversible(technique: str) -> None:
    values = yaml.safe_load(TEXT)
    values["dataset"]["audience"] = "external"
    values["privacy"]["columns"]["src_ip"] = {"role": "direct", "technique": technique, "domain": "network"}
    _, found = check(yaml.safe_dump(values).encode())
    assert any("may not leave in a release whose audience is external" in line for line in found)


def test_a_pattern_that_would_backtrack_is_refused_and_a_linear_one_is_not() -> None:
    values = yaml.safe_load(TEXT)
    values["quality"]["rules"]["message"] = {"pattern": {"regex": r"(a)\1"}}
    _, found = check(yaml.safe_dump(values).encode())
    assert any("quality.rules.message.pattern.regex: is not a pattern of RE2's syntax" in line for line in found)
    values["quality"]["rules"]["message"] = {"pattern": {"regex": "(a+)+$"}}
    assert check(yaml.safe_dump(values).encode())[1] == []


def test_the_digest_is_over_values_not_over_layout() -> None:
    values = yaml.safe_load(TEXT)
    plain, _ = check(TEXT)
    rewritten, _ = check(yaml.safe_dump(values, sort_keys=True).encode())
    assert plain is not None
    assert rewritten is not None
    assert plain.digest() == rewritten.digest()
    values["privacy"]["k"] += 1
    stricter, _ = check(yaml.safe_dump(values).encode())
    assert stricter is not None
    assert stricter.digest() != plain.digest()


def test_the_schema_accepts_the_shipped_policy_and_refuses_an_unknown_key() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    values = yaml.safe_load(TEXT)
    jsonschema.validate(values, schema)
    values["privacy"]["kk"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, schema)


def test_loading_names_the_first_mistake_and_counts_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_bytes(TEXT.replace(b"  k: ", b"  kk: ", 1).replace(b"gate:", b"gates:", 1))
    with pytest.raises(CustodyError, match=r"^params.yaml:\d+: .* \(and \d+ more; see: custody policy check"):
        load(path)
    with pytest.raises(CustodyError, match=r"^params.yaml: cannot be read"):
        load(tmp_path / "none" / "params.yaml")


def test_a_key_that_is_not_written_is_not_in_the_digest() -> None:
    """So that a later version of the policy language, with one key more, keeps the digest of an old policy."""
    values = yaml.safe_load(TEXT)
    del values["gate"]["distinct_ok"]
    short, _ = check(yaml.safe_dump(values).encode())
    values["gate"]["distinct_ok"] = []
    written, _ = check(yaml.safe_dump(values).encode())
    assert short is not None
    assert written is not None
    assert short.gate == written.gate
    assert short.digest() != written.digest()
    assert short.digests("gate") != written.digests("gate")
