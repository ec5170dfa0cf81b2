"""One order of sources: environment, command, keyring, repository; the first with the wanted fingerprint gives it."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.governance import finding, sharing, wrapped
from custody.governance.compartments import Wanted
from custody.governance.sharing import Held
from custody.records.zone import Zone
from governance.people import Person, holders

SECRETS = [hashlib.sha256(word).digest() for word in (b"right", b"wrong")]
RIGHT, WRONG = (secret.hex() for secret in SECRETS)
WANTED = Wanted("soc", "pipeline", Zone("soc", SECRETS[0]).check)
ORDER = ("environment", "command", "keyring", "wrapped")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CUSTODY_KEYRING", str(tmp_path / "keyring.json"))
    return tmp_path


def put(source: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a source have a secret."""
    if source == "environment":
        monkeypatch.setenv("CUSTODY_SECRET_PIPELINE", text)
    elif source == "command":
        Path("helper").write_text(f"#!/bin/sh\ntouch asked\necho secret={text}\n")
        Path("helper").chmod(0o700)
        monkeypatch.setenv("CUSTODY_KEY_COMMAND", str(Path("helper").resolve()))
    elif source == "keyring":
        Path("keyring.json").touch(0o600)
        Path("keyring.json").write_text(json.dumps({"zones": {"soc": text}}))
    else:
        ada = Person(Path(), "ada")
        monkeypatch.setenv("CUSTODY_IDENTITY", str(ada.file))
        one = Held("pipeline", Zone("soc", bytes.fromhex(text)).check, bytes.fromhex(text))
        wrapped.write("ada", sharing.grant("soc", "ada", holders(ada), [one]))


@pytest.mark.parametrize("source", ORDER)
def test_each_source_alone_is_enough(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    put(source, RIGHT, monkeypatch)
    assert finding.find(WANTED) == SECRETS[0]


@pytest.mark.parametrize("source", ORDER[:3])
def test_a_source_with_another_epoch_is_passed_over_and_told_only_where_none_has_the_right_one(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    put(source, WRONG, monkeypatch)
    with pytest.raises(CustodyError, match=f"keys.check: the .*{source}.* holds another secret for zone soc") as no:
        finding.find(WANTED)
    assert WRONG[:12] not in str(no.value)
    put("wrapped", RIGHT, monkeypatch)
    assert finding.find(WANTED) == SECRETS[0]


@pytest.mark.parametrize(("first", "later"), list(pairwise(ORDER)))
def test_the_earlier_source_is_asked_first_and_an_unusable_one_stops(
    monkeypatch: pytest.MonkeyPatch, place: Path, first: str, later: str
) -> None:
    put(first, "00" * 32, monkeypatch)
    put(later, RIGHT, monkeypatch)
    with pytest.raises(CustodyError, match="is no random 32-byte key"):
        finding.find(WANTED)
    put(first, RIGHT, monkeypatch)
    (place / "asked").unlink(missing_ok=True)
    assert finding.find(WANTED) == SECRETS[0]
    assert later != "command" or not (place / "asked").exists(), "where the environment has it, no command runs"


@pytest.mark.parametrize("text", ["zz", RIGHT[:-2], "§", WRONG + RIGHT])
def test_an_environment_that_holds_no_secret_is_not_quoted(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CUSTODY_SECRET_PIPELINE", text)
    with pytest.raises(CustodyError, match="CUSTODY_SECRET_PIPELINE: ") as stopped:
        finding.find(WANTED)
    assert text not in str(stopped.value)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (WANTED, r"keys\.zone: the keyring has no zone soc, nor has any other source"),
        (Wanted("soc", "reidentify", "0" * 16), "has no secret for reversible pseudonyms of zone soc"),
        (Wanted("soc", "release"), "no signing key of zone soc"),
    ],
)
def test_where_nobody_has_it_a_line_says_what_to_do(wanted: Wanted, says: str) -> None:
    with pytest.raises(CustodyError, match=says) as stopped:
        finding.find(wanted)
    assert "custody keys grant" in str(stopped.value)
