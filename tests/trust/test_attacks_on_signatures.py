"""Signatures that must not count, on a real project: whose key it is, how often, and what lies in data/signatures."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import custody
from custody.errors import RefusedError
from custody.trust import attestation, bundle, keyfile
from trust.signing_keys import Signer, trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from trust.conftest import Answer, Signed

    Verify = Callable[..., Answer]

pytestmark = [pytest.mark.xdist_group("attacks"), pytest.mark.usefixtures("signed")]
SIGNATURES = Path("data/signatures")
YESTERDAY = (dt.datetime.now(dt.UTC) - dt.timedelta(days=1)).date().isoformat()


def _attestation(name: str) -> Path:
    (path,) = SIGNATURES.glob(f"*.{name}.sigstore.json")
    return path


def _listed(signed: Signed) -> dict[str, str]:
    """What the verifier's list says of Ada."""
    entry: dict[str, str] = yaml.safe_load(signed.trusted.read_text())["signers"]["ada"]
    return entry


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"until": YESTERDAY}, "key_expired"),
        ({"from": "2998-01-01"}, "key_expired"),
        ({"status": "compromised"}, "key_compromised"),
        ({"status": "compromised", "since": YESTERDAY}, "key_compromised"),
        ({"role": "auditor"}, "role"),
        ({"key": ""}, "signer"),
    ],
    ids=["expired", "not yet good", "compromised", "compromised since", "wrong role", "unknown"],
)
def test_a_signature_by_a_key_that_is_not_good_does_not_count(
    signed: Signed, verify: Verify, tmp_path: Path, changed: dict[str, str], code: str
) -> None:
    entry = Signer(tmp_path, "eve").entry() if changed.get("key") == "" else {**_listed(signed), **changed}
    (tmp_path / "other.yaml").write_bytes(trust(ada=entry))
    for what in ((), ("HEAD",), ("data/released",)):
        answer = verify(*what, "--trusted", str(tmp_path / "other.yaml"))
        assert (answer.status, answer.codes) == (1, [code, "unsigned"]), what
    with pytest.raises(RefusedError):
        custody.load("data/released", trusted=tmp_path / "other.yaml")


def test_one_key_twice_is_not_two_signers(signed: Signed, verify: Verify, tmp_path: Path) -> None:
    project, bob = signed.project, Signer(tmp_path, "bob")
    policy = project.policy()
    policy["gate"]["signatures"] = {"releaser": 2}
    project.write_policy(policy)
    ran = project.repro()
    assert ran.returncode == 0, ran.stdout + ran.stderr
    shutil.rmtree(SIGNATURES)
    signed.trusted.write_bytes(trust(ada=_listed(signed), bob=bob.entry()))
    project.must("custody", "release", "sign", "--key", str(signed.ada.path))
    again = project.run("custody", "release", "sign", "--key", str(signed.ada.path))
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert again.stderr.endswith("ada has signed this release already\n")
    path = _attestation("ada")
    shutil.copy(path, path.with_name(path.name.replace(".ada.", ".bob.")))
    project.commit()
    for what in ((), ("HEAD",)):
        answer = verify(*what)
        assert (answer.status, answer.codes) == (1, ["threshold"]), what
        assert answer.verdict["reasons"][0]["what"] == "1 of 2 signatures of role releaser count"
    with pytest.raises(RefusedError, match="1 of 2 signatures of role releaser count"):
        custody.load("data/released")
    _attestation("bob").unlink()
    project.must("custody", "release", "sign", "--key", str(bob.path))
    assert (verify().codes, verify().verdict["signers"]) == ([], ["ada", "bob"])


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text[:0],
        lambda text: text[:0] + b"\x00\xff" * 40,
        lambda text: text.replace(b'"payload"', b'"payload": "", "payload"', 1),
        lambda text: text.replace(b"v0.3+json", b"v0.1+json"),
    ],
    ids=["cut", "empty", "noise", "duplicate key", "older version"],
)
def test_a_corrupt_bundle_speaks_against_the_release_in_one_line(
    verify: Verify, harm: Callable[[bytes], bytes]
) -> None:
    path = _attestation("ada")
    path.write_bytes(harm(path.read_bytes()))
    answer = verify()
    assert (answer.status, answer.codes) == (1, ["signature", "unsigned"])
    assert answer.verdict["reasons"][0]["what"].endswith("is not a signature bundle that Custody writes; get it again")
    with pytest.raises(RefusedError, match="is not a signature bundle"):
        custody.load("data/released")


def test_a_private_key_that_others_can_read_signs_nothing(signed: Signed) -> None:
    shutil.rmtree(SIGNATURES)
    signed.ada.path.chmod(0o644)
    ran = signed.project.run("custody", "release", "sign", "--key", str(signed.ada.path))
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (3, "", 1)
    assert ran.stderr.startswith("custody: KEY: ")
    assert not SIGNATURES.exists()


def test_nothing_is_signed_on_a_clock_that_was_set_back(signed: Signed, tmp_path: Path) -> None:
    """A bundle that is there was made tomorrow, as far as this clock can tell."""
    bob = Signer(tmp_path, "bob")
    signed.trusted.write_bytes(trust(ada=_listed(signed), bob=bob.entry()))
    path = _attestation("ada")
    told = json.loads(bundle.read(path.read_bytes(), path.name).payload)
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    told["predicate"]["time"] = tomorrow.strftime(attestation.TIME)
    path.write_text(json.dumps(bundle.sign(json.dumps(told).encode(), keyfile.read(signed.ada.path))))
    ran = signed.project.run("custody", "release", "sign", "--key", str(bob.path))
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (3, "", 1)
    assert "was signed later than this clock says it is; set the clock and sign again" in ran.stderr
