"""A clone that nobody touched raises no alarm, however it came about."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import custody
from pipeline.project import Project

if TYPE_CHECKING:
    from trust.conftest import Signed

pytestmark = pytest.mark.xdist_group("attacks")


@pytest.fixture
def origin(signed: Signed, tmp_path: Path) -> Project:
    """The signed project with its data on a remote, and some history behind and after the release."""
    project = signed.project
    project.must("dvc", "remote", "add", "-d", "store", str(tmp_path / "store"))
    project.must("dvc", "push", "--quiet")
    project.commit()
    (project.root / "notes.md").write_text("Nothing that a release depends on.\n")
    project.commit()
    return project


@pytest.mark.parametrize(
    "way",
    [
        ("clone",),
        ("clone", "--depth", "1"),
        ("clone", "--filter=blob:none"),
        ("moved",),
        ("worktree", "add"),
        ("clone", "--config", "core.autocrlf=false", "--config", "core.fileMode=false"),
    ],
    ids=["plain", "shallow", "without blobs", "moved", "worktree", "other settings"],
)
def test_no_alarm_is_raised(
    signed: Signed, origin: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: tuple[str, ...]
) -> None:
    place = tmp_path / "elsewhere"
    origin.git("config", "uploadpack.allowFilter", "true")
    if way == ("worktree", "add"):
        origin.git(*way, "--detach", str(place))
    elif way == ("moved",):
        origin.root.rename(place)
    else:
        origin.git(*way, "--quiet", f"file://{origin.root}", str(place))
    clone = Project(place)
    clone.must("dvc", "pull", "--quiet", "gate")
    for what in ((), ("HEAD",), ("data/released",)):
        ran = clone.run("custody", "verify", "--json", "--require-release", *what, "--trusted", str(signed.trusted))
        assert ran.stderr == ""
        told = json.loads(ran.stdout)
        assert (ran.returncode, told["reasons"], told["signers"]) == (0, [], ["ada"]), what
        assert told["notes"] == [] or "--depth" in way, what
    monkeypatch.chdir(place)
    assert len(custody.load("data/released", trusted=signed.trusted)) == 5513


def test_a_clone_that_pulled_nothing_says_so_and_verifies_its_revision(
    signed: Signed, origin: Project, tmp_path: Path
) -> None:
    origin.git("clone", "--quiet", ".", str(tmp_path / "elsewhere"))
    clone = Project(tmp_path / "elsewhere")
    here = clone.run("custody", "verify", "--trusted", str(signed.trusted))
    assert (here.returncode, here.stderr) == (1, "")
    assert "is missing, so nothing here is a release; get it again or run: dvc repro" in here.stdout
    ran = clone.run("custody", "verify", "HEAD", "--trusted", str(signed.trusted))
    assert (ran.returncode, ran.stdout.count("\n")) == (0, 1), ran.stdout


def test_what_lines_end_with_in_the_work_tree_plays_no_part_in_a_revision(
    signed: Signed, origin: Project, tmp_path: Path
) -> None:
    origin.git("clone", "--quiet", "--config", "core.autocrlf=true", ".", str(tmp_path / "elsewhere"))
    clone = Project(tmp_path / "elsewhere")
    assert b"\r\n" in (clone.root / "params.yaml").read_bytes()
    ran = clone.run("custody", "verify", "HEAD", "--trusted", str(signed.trusted))
    assert (ran.returncode, ran.stdout.count("\n")) == (0, 1), ran.stdout


def test_a_release_that_is_handed_on_as_a_folder_is_no_alarm_either(
    signed: Signed, origin: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("released", "signatures", "audit"):
        shutil.copytree(origin.root / "data" / name, tmp_path / "handed" / name)
    (tmp_path / "away").mkdir()
    monkeypatch.chdir(tmp_path / "away")
    ran = Project(Path()).run("custody", "verify", "../handed/released", "--trusted", str(signed.trusted))
    assert (ran.returncode, ran.stdout.splitlines()[0]) == (0, "released: verified, signed by ada"), ran.stdout
    assert "note: policy, code and lock file: not checked, the folder stands alone" in ran.stdout
