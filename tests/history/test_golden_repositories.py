"""Releases that older code made, in repositories that are never edited, are reproduced (`golden_repository.py`).

They are built by their own code with the libraries of today: a test may not need a package index. Where those are in
other versions than the repository's lock file says, equal values in other bytes are enough.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

import pytest

from history.golden_repository import GOLDEN
from pipeline.project import Project
from trust.golden_release import digest

MADE = {
    "0.1.0.dev1": "ae60d7c28c91fccd32375544523ddb11c9d875ef8e9ae6151dc7d552f9f8fe7b",
    "0.1.0.dev2": "2386ad5e217603601ac73c14f42d697f4cd800b4bbcffd8f84ee0ed98ae6d609",
}
"""SHA-256 over names and digests of each repository's files: code before releases were signed, and the first after."""
STATEMENTS = {
    "0.1.0.dev1": "811328d564a98d681b572d5fa35a5e63ec150c4ab26ad3ea27e787e67fc14d86",
    "0.1.0.dev2": "4162c2c20baa50b02aa946fc692b425b962f8b7e75106f76c6fbbde0a13d2040",
}


@pytest.fixture
def golden(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The repository of a version, cloned, with DVC's cache and its key."""
    held = GOLDEN / request.param
    keyring = Path(shutil.copy(held / "keyring.json", tmp_path))
    keyring.chmod(0o600)
    monkeypatch.setenv("CUSTODY_KEYRING", str(keyring))
    Project(tmp_path).git("clone", "--quiet", str(held / "repository.bundle"), "project")
    with tarfile.open(held / "cache.tar.xz") as archive:
        archive.extractall(tmp_path / "project" / ".dvc" / "cache", filter="data")
    return Project(tmp_path / "project")


def test_no_golden_repository_was_edited_removed_or_forgotten() -> None:
    assert {path.name: digest(path) for path in GOLDEN.iterdir()} == MADE


@pytest.mark.parametrize(("golden", "statement"), STATEMENTS.items(), indirect=["golden"])
def test_a_release_of_older_code_is_reproduced(golden: Project, statement: str) -> None:
    done = golden.run("custody", "reproduce", "HEAD", "--current-env", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["statements"][0] == statement
    same = told["libraries"] == "locked"
    assert told["answer"] in ({"reproduced"} if same else {"reproduced", "equivalent"})
    assert [one["stage"] for one in told["verdicts"]] == ["collect", "validate", "anonymize", "gate"]
    assert golden.git("status", "--short") == ""


@pytest.mark.parametrize("golden", ["0.1.0.dev1"], indirect=True)
def test_without_the_cache_it_is_held_against_its_lock_file_alone(golden: Project) -> None:
    shutil.rmtree(golden.root / ".dvc" / "cache")
    done = golden.run("custody", "reproduce", "HEAD", "--current-env", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["answer"], told["statements"][0]) == (0, "reproduced", None)
    assert any("compared with dvc.lock alone" in note for note in told["notes"])
