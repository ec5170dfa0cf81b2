"""Verdicts on rebuilds where a release arrives and is opened: they come along, and a believed no is one."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import custody
from custody.errors import RefusedError
from custody.records import digest
from custody.trust import rebuilds, signers, stored
from custody.trust.rebuilds import Rebuilt
from trust.signing_keys import Signer, trust

if TYPE_CHECKING:
    from pipeline.project import Project
    from trust.conftest import Signed

pytestmark = pytest.mark.xdist_group("attacks")


class Bob:
    """A rebuilder whom the verifier believes, and what he says of the release."""

    def __init__(self, signed: Signed, folder: Path) -> None:
        self.signed, self.signer = signed, Signer(folder, "bob")
        listed = yaml.safe_load(signed.trusted.read_text(encoding="utf-8"))["signers"]
        signed.trusted.write_bytes(trust(**listed, bob=self.signer.entry(role="rebuilder", owner="bob")))

    def says(self, answer: Any) -> None:
        project = self.signed.project
        statement = digest.file_sha256(project.root / "data" / "released" / "statement.json")
        verdict = Rebuilt(
            statement=statement,
            rebuilt=statement if answer == "reproduced" else "0" * 64,
            revision=project.git("rev-parse", "main").strip(),
            answer=answer,
            stages={"gate": answer},
            libraries="locked",
            python="CPython 3.11",
        )
        keys = signers.read(self.signed.trusted.read_bytes(), "trusted.yaml")
        now = dt.datetime.now(dt.UTC)
        rebuilds.sign(verdict, self.signer.key, keys, target=project.root / stored.REBUILDS, now=now)
        project.commit()


@pytest.fixture
def bob(signed: Signed, tmp_path: Path) -> Bob:
    return Bob(signed, tmp_path)


def _fetch(here: Project, name: str) -> subprocess.CompletedProcess[str]:
    return here.run("custody", "fetch", "../project", name, "--rev", "main")


def test_verdicts_come_along_and_are_verified_where_the_release_arrives(here: Project, bob: Bob) -> None:
    bob.says("reproduced")
    assert _fetch(here, "got").returncode == 0
    words = ("custody", "verify", "got/released", "--json", "--rebuilders")
    found = json.loads(here.run(*words, "1").stdout)
    assert (found["holds"], found["signers"], found["rebuilders"]) == (True, ["ada"], ["bob"])
    assert [one["code"] for one in json.loads(here.run(*words, "2").stdout)["reasons"]] == ["rebuilders"]
    assert len(custody.load("got/released")) == 5513


def test_a_release_that_somebody_believed_found_changed_is_neither_loaded_nor_fetched(
    here: Project, bob: Bob, signed: Signed
) -> None:
    bob.says("changed")
    ran = _fetch(here, "got")
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
    assert ": changed in gate" in ran.stderr
    with pytest.raises(RefusedError, match=r"bob rebuilt it on \S+: changed in gate"):
        custody.load(signed.project.root / "data" / "released")


def test_a_no_of_a_stranger_keeps_nothing_back(here: Project, bob: Bob, signed: Signed) -> None:
    before = signed.trusted.read_bytes()
    bob.says("changed")
    listed = yaml.safe_load(before)["signers"]
    del listed["bob"]
    signed.trusted.write_bytes(trust(**listed))
    assert _fetch(here, "got").returncode == 0
    assert len(custody.load("got/released")) == 5513
