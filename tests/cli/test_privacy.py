"""A pseudonym is taken back by the holder of its secret alone, with a reason, and never without an entry in the log."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from custody.governance import keys
from custody.governance.keyring import keyring_path
from custody.policy import load
from custody.privacy.techniques import encrypt_deterministic
from custody.records.zone import Zone
from governance.people import ROLES, Person
from support import log_path, logged

NAME = "ada.lovelace"
BECAUSE = ("--reason", "case 7")


@pytest.fixture
def ops(project: Path, custody: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped policy with a reversible column, its zone and both of its secrets."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    params = project / "params.yaml"
    text = params.read_text(encoding="utf-8").replace("technique: mac", "technique: encrypt_deterministic", 1)
    params.write_text(text, encoding="utf-8")
    assert custody("keys", "init", "ops", "--reversible").status == 0
    return project


def token(name: str = NAME, domain: str = "person", epoch: int = 1) -> str:
    privacy = load(Path("params.yaml")).privacy
    zone = keys.with_reversible(Zone("ops", bytes(32)), privacy).at({**privacy.epochs, domain: epoch})
    column = privacy.columns["user"].model_copy(update={"domain": domain})
    [made] = encrypt_deterministic.apply(pa.array([name]), column, "user", zone).to_pylist()  # type: ignore[arg-type]
    return str(made)


@pytest.mark.usefixtures("ops")
def test_the_value_is_shown_on_standard_output_alone_and_logged_without_it(custody: Callable[..., Any]) -> None:
    ran = custody("privacy", "reidentify", token(), *BECAUSE)
    assert (ran.status, ran.out, ran.err) == (0, f"{NAME}\n", "")
    [entry] = logged("reidentify")
    assert (entry["action"], entry["reason"], entry["outcome"]) == ("reidentify", "case 7", "granted")
    about = entry["about"]
    assert (about["domain"], about["epoch"], about["zone"]) == ("person", 1, "ops")
    log = log_path().read_text()
    assert NAME not in log
    assert token() not in log


@pytest.mark.parametrize("arguments", [(), ("-",)])
@pytest.mark.usefixtures("ops")
def test_a_pseudonym_can_come_from_standard_input(
    custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{token()}\n"))
    assert custody("privacy", "reidentify", *arguments, *BECAUSE).out == f"{NAME}\n"


@pytest.mark.usefixtures("ops")
def test_without_a_reason_it_is_no_command(custody: Callable[..., Any]) -> None:
    assert custody("privacy", "reidentify", token()).status == 2
    assert custody("privacy", "reidentify", token(), "--reason", " ").status == 3
    assert logged("reidentify") == []


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: token(domain="device"), "was not made with this secret of zone ops in domain person and epoch 1"),
        (lambda: token(epoch=9), "was not made with this secret"),
        (lambda: token()[:-1], "was not made with this secret"),
        (lambda: "a" * 40, "was not made with this secret"),
    ],
)
@pytest.mark.usefixtures("ops")
def test_a_foreign_pseudonym_is_refused_in_one_line_and_logged(
    custody: Callable[..., Any], made: Callable[[], str], says: str
) -> None:
    foreign = made()
    ran = custody("privacy", "reidentify", foreign, *BECAUSE)
    assert (ran.status, ran.out) == (1, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert foreign not in ran.err + log_path().read_text()
    assert [entry["outcome"] for entry in logged("reidentify")] == ["granted", "refused"]


@pytest.mark.usefixtures("ops")
def test_a_pseudonym_of_another_key_is_refused(custody: Callable[..., Any]) -> None:
    foreign = token()
    keyring_path().unlink()
    assert custody("keys", "init", "ops", "--reversible").status == 0
    ran = custody("privacy", "reidentify", foreign, *BECAUSE)
    assert (ran.status, ran.out) == (1, "")
    assert "was not made with this secret" in ran.err


@pytest.mark.usefixtures("ops")
def test_a_pseudonym_of_an_earlier_epoch_is_refused_until_that_epoch_is_named(custody: Callable[..., Any]) -> None:
    old = token()
    assert custody("keys", "rotate", "person").status == 0
    ran = custody("privacy", "reidentify", old, *BECAUSE)
    assert ran.status == 1
    assert "in domain person and epoch 2" in ran.err
    assert "give --domain person --epoch 1" in ran.err
    assert custody("privacy", "reidentify", old, "--epoch", "1", *BECAUSE).out == f"{NAME}\n"


@pytest.mark.usefixtures("ops")
def test_a_pseudonym_of_an_earlier_secret_needs_its_epoch_and_that_secret(
    custody: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = Person(tmp_path, "ada", "officer"), Person(tmp_path, "bob", "engineer")
    trusted = {"roles": ROLES, "recipients": {one.name: one.entry() for one in (ada, bob)}}
    Path(".custody").mkdir()
    Path(".custody/trust.yaml").write_text(json.dumps(trusted))
    monkeypatch.setenv("CUSTODY_IDENTITY", str(ada.file))
    for name in ("ada", "bob"):
        assert custody("keys", "grant", name).status == 0
    keyring_path().unlink()
    old = token()
    assert custody("keys", "rotate", "--secret", "reidentify").status == 0
    ran = custody("privacy", "reidentify", old, *BECAUSE)
    assert ran.status == 1
    assert "give --domain person --epoch 1" in ran.err
    assert custody("privacy", "reidentify", old, "--epoch", "1", *BECAUSE).out == f"{NAME}\n"
    assert custody("privacy", "reidentify", token(epoch=2), *BECAUSE).out == f"{NAME}\n"
    made = token(epoch=2)
    monkeypatch.setenv("CUSTODY_IDENTITY", str(bob.file))  # he runs the pipeline, and that is all
    for number in ("1", "2"):
        ran = custody("privacy", "reidentify", made, "--epoch", number, *BECAUSE)
        assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
        assert "opens nothing of zone ops, compartment reidentify" in ran.err


@pytest.mark.parametrize("text", ["", "a b", "ä" * 30, "x" * 5000, "<user>", NAME])
@pytest.mark.usefixtures("ops")
def test_what_is_no_pseudonym_is_refused_unseen(custody: Callable[..., Any], text: str) -> None:
    ran = custody("privacy", "reidentify", "--reason", "x", "--", text)
    assert (ran.status, ran.out) == (1, "")
    assert "is no pseudonym that Custody writes" in ran.err
    assert not text or text not in ran.err


@pytest.mark.usefixtures("ops")
def test_no_log_no_value(custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    ran = custody("privacy", "reidentify", token(), *BECAUSE)
    assert (ran.status, ran.out) == (3, "")
    assert "audit log: cannot be written" in ran.err
    assert NAME not in ran.err


@pytest.mark.usefixtures("ops")
def test_without_the_secret_nothing_is_taken_back(custody: Callable[..., Any]) -> None:
    made = token()
    ring = json.loads(keyring_path().read_text())
    keyring_path().write_text(json.dumps({"zones": ring["zones"]}))
    ran = custody("privacy", "reidentify", made, *BECAUSE)
    assert (ran.status, ran.out) == (3, "")
    assert "has no secret for reversible pseudonyms of zone ops" in ran.err
    keyring_path().write_text(json.dumps({"zones": {}, "reidentify": {"ops": ring["zones"]["ops"]}}))
    assert "holds another secret" in custody("privacy", "reidentify", made, *BECAUSE).err
    keyring_path().write_text(json.dumps({"zones": {}, "reidentify": {"ops": "00" * 32}}))
    assert "is no random 32-byte key" in custody("privacy", "reidentify", made, *BECAUSE).err


def test_domains_must_be_named_where_there_are_several(ops: Path, custody: Callable[..., Any]) -> None:
    params = ops / "params.yaml"
    made = token()
    assert "columns use: person" in custody("privacy", "reidentify", made, "--domain", "mail", *BECAUSE).err
    params.write_text(params.read_text().replace("technique: mac", "technique: encrypt_deterministic", 1))
    assert "mail, person" in custody("privacy", "reidentify", made, *BECAUSE).err
    assert custody("privacy", "reidentify", made, "--domain", "person", *BECAUSE).out == f"{NAME}\n"
    ran = custody("privacy", "reidentify", made, "--domain", "mail", *BECAUSE)
    assert ran.status == 1
    assert "give --domain person --epoch 1" in ran.err


@pytest.mark.usefixtures("project")
def test_a_policy_without_a_reversible_column_takes_nothing_back(custody: Callable[..., Any]) -> None:
    ran = custody("privacy", "reidentify", "a" * 30, *BECAUSE)
    assert ran.status == 3
    assert "none has the technique encrypt_deterministic" in ran.err
