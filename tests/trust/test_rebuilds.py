"""A verdict on a rebuild as it is signed: of one statement, and true to its own parts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from custody.errors import CustodyError, RefusedError
from custody.trust import bundle, rebuilds
from custody.trust.rebuilds import Predicate, Rebuilt
from trust.signing_keys import Signer, believed

NOW = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
SAID: dict[str, Any] = {
    "statement": "a" * 64,
    "rebuilt": "a" * 64,
    "revision": "c" * 40,
    "answer": "reproduced",
    "stages": {"collect": "reproduced", "gate": "reproduced"},
    "libraries": "locked",
    "python": "CPython 3.11.9",
}


def _payload(**changed: Any) -> dict[str, Any]:
    predicate = Predicate(verdict=Rebuilt(**SAID), time="2026-11-26T12:00:00Z", signer="bob", role="rebuilder")
    return {**json.loads(rebuilds.build(predicate)), **changed}


def test_what_is_signed_is_what_is_read(tmp_path: Path) -> None:
    bob = Signer(tmp_path, "bob", "ed25519")
    trust = believed(bob=bob.entry(role="rebuilder"))
    path, name = rebuilds.sign(Rebuilt(**SAID), bob.key, trust, target=tmp_path / "to", now=NOW)
    assert (name, path.name) == ("bob", "aaaaaaaaaaaaaaaa.bob.20261126T120000Z.sigstore.json")
    opened = bundle.read(path.read_bytes(), path.name)
    assert opened.is_by(bob.key.public_key())
    predicate = rebuilds.read(opened.payload, path.name)
    assert (predicate.verdict, predicate.signer, predicate.day) == (Rebuilt(**SAID), "bob", "2026-11-26")
    with pytest.raises(RefusedError, match="at this very time"):
        rebuilds.sign(Rebuilt(**SAID), bob.key, trust, target=tmp_path / "to", now=NOW)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"role": "releaser"}, "bob has the role releaser; roles whose verdict on a rebuild counts: rebuilder"),
        ({"role": "rebuilder", "until": "2026-11-25"}, "is good from 2026-01-01 to 2026-11-25"),
        ({"role": "rebuilder", "status": "retired"}, "the key of bob is retired"),
    ],
)
def test_a_key_whose_verdict_would_not_count_signs_none(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    bob = Signer(tmp_path, "bob")
    with pytest.raises(CustodyError, match=said):
        rebuilds.rebuilder(bob.key, believed(bob=bob.entry(**changed)), "2026-11-26")
    with pytest.raises(CustodyError, match="not among the trusted keys"):
        rebuilds.rebuilder(bob.key, believed(), "2026-11-26")


@pytest.mark.parametrize(
    "changed",
    [
        {"rebuilt": "b" * 64},
        {"rebuilt": None},
        {"stages": {}},
        {"stages": {"collect": "reproduced", "gate": "changed"}},
        {"answer": "equivalent", "stages": {"gate": "failed"}},
        {"answer": "fine"},
        {"answer": "erased"},  # the statement would be another
        {"answer": "erased", "rebuilt": None},
        {"answer": "erased", "rebuilt": "b" * 64, "stages": {"gate": "changed"}},
        {"statement": "a"},
    ],
)
def test_an_answer_that_its_parts_contradict_is_none(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"form|answer|statements"):
        Rebuilt(**{**SAID, **changed})


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (_payload(predicateType="urn:custody:attestation:release:v1"), "no verdict on a rebuild of this version"),
        (_payload(subject=[{"name": "statement.json", "digest": {"sha256": "b" * 64}}]), "on another statement"),
        (_payload(subject=[]), "on another statement"),
        (_payload(subject=[*_payload()["subject"], *_payload()["subject"]]), "on another statement"),
        (_payload(predicate={}), "incomplete or altered"),
        (_payload(predicate={**_payload()["predicate"], "time": "2026-13-41T00:00:00Z"}), "incomplete or altered"),
        ([], "incomplete or altered"),
    ],
)
def test_another_payload_is_refused_in_one_line(payload: Any, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        rebuilds.read(json.dumps(payload).encode(), "x.sigstore.json")
