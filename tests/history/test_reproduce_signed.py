"""`custody reproduce --sign` and `custody verify --rebuilders`: who has rebuilt a release, and what became of it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.project import Project
from trust.signing_keys import Signer, trust

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("past")  # the repository is built once


class Rebuilders:
    """Two of them, and the keys that a verifier believes."""

    def __init__(self, folder: Path) -> None:
        self.bob, self.cy = Signer(folder, "bob"), Signer(folder, "cy", "ed25519")
        self.trusted = folder / "trusted.yaml"
        entries = {one.name: one.entry(role="rebuilder", owner=one.name) for one in (self.bob, self.cy)}
        self.trusted.write_bytes(trust(**entries, rita=Signer(folder, "rita").entry()))
        self.rita = folder / "rita.pem"

    def reproduce(self, project: Project, revision: str, key: Path, status: int) -> str:
        words = (revision, "--current-env", "--sign", str(key), "--trusted", str(self.trusted))
        done = project.run("custody", "reproduce", *words)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def verify(self, project: Project, revision: str, *words: str) -> dict[str, Any]:
        asked = ("--unsigned-ok", "--trusted", str(self.trusted), "--json")
        told: dict[str, Any] = json.loads(project.run("custody", "verify", revision, *asked, *words).stdout)
        return told


@pytest.fixture
def rebuilders(tmp_path: Path) -> Rebuilders:
    return Rebuilders(tmp_path)


def test_a_release_holds_once_enough_people_have_rebuilt_it(
    copied: Project, rebuilders: Rebuilders, tmp_path: Path
) -> None:
    assert [one["code"] for one in rebuilders.verify(copied, "v4", "--rebuilders", "1")["reasons"]] == ["rebuilders"]
    said = rebuilders.reproduce(copied, "v4", rebuilders.bob.path, 0)
    assert "signed by bob: data/signatures/rebuilds/" in said
    [path] = (copied.root / "data/signatures/rebuilds").iterdir()
    told = rebuilders.verify(copied, "v4", "--rebuilders", "1")
    assert (told["holds"], told["rebuilders"], told["reasons"]) == (True, ["bob"], [])
    short = rebuilders.verify(copied, "v4", "--rebuilders", "2")["reasons"]
    assert [one["what"] for one in short] == ["1 of 2 independent rebuilders count"]
    for name in ("released", "signatures"):  # as a consumer has it
        shutil.copytree(copied.root / "data" / name, tmp_path / "far" / name)
    told = rebuilders.verify(Project(tmp_path), "far/released", "--rebuilders", "1")
    assert (told["holds"], told["rebuilders"]) == (True, ["bob"])
    copied.git("add", str(path))
    copied.commit()
    path.unlink()
    assert rebuilders.verify(copied, "HEAD", "--rebuilders", "1")["rebuilders"] == ["bob"]
    other = rebuilders.verify(copied, "v3", "--rebuilders", "1")
    assert "0 of 1 independent rebuilders count" in [one["what"] for one in other["reasons"]]
    entries = copied.must("custody", "audit", "show", "--json").splitlines()
    signed = json.loads(entries[-1])
    assert (signed["action"], signed["outcome"], signed["about"]["verdict"]) == ("sign", "done", "reproduced")


def test_a_no_is_signed_too_and_verify_says_who_said_it(copied: Project, rebuilders: Rebuilders) -> None:
    (copied.root / "data/sources/edge.csv").write_text("login,risk,n,team,label\n", encoding="utf-8")
    copied.commit()
    said = rebuilders.reproduce(copied, "HEAD", rebuilders.cy.path, 1)
    assert "signed by cy" in said
    told = rebuilders.verify(copied, "HEAD", "--rebuilders", "1")
    [reason] = [one for one in told["reasons"] if one["code"] == "rebuilt"]
    assert reason["what"].endswith(": changed in collect, validate, anonymize, gate")
    assert not told["holds"]


def test_who_may_not_rebuild_signs_nothing_and_builds_nothing(copied: Project, rebuilders: Rebuilders) -> None:
    said = rebuilders.reproduce(copied, "v1", rebuilders.rita, 3)
    assert said == ("custody: KEY: rita has the role releaser; roles whose verdict on a rebuild counts: rebuilder\n")
    assert not (copied.root / "data/signatures").exists()
