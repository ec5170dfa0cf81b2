"""Files as earlier commits have them, read from real repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from custody.repository import past


def _git(root: Path, *words: str) -> None:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


def _commit(root: Path, **files: bytes | None) -> None:
    for name, content in files.items():
        if content is None:
            (root / name).unlink()
        else:
            (root / name).write_bytes(content)
    _git(root, "add", "--all")
    _git(root, "commit", "-q", "--allow-empty", "-m", "state")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder of a repository: three commits, of which one leaves `a` as it was."""
    _git(tmp_path, "init", "-q", "--initial-branch=main")
    root = tmp_path / "project"
    root.mkdir()
    _commit(root, a=b"1\n0123 blob 5\n", b=b"\xff\x00")
    _commit(root, c=b"other")
    _commit(root, a=b"2", b=None)
    return root


def test_commits_that_changed_a_file_oldest_first(project: Path) -> None:
    found = past.commits(project, ["a", "b"], 10)
    assert [commit.files for commit in found] == [{"a": b"1\n0123 blob 5\n", "b": b"\xff\x00"}, {"a": b"2"}]
    assert all(len(commit.id) == 40 and len(commit.day) == 10 for commit in found)


def test_the_last_ones_alone(project: Path) -> None:
    assert [commit.files for commit in past.commits(project, ["a"], 1)] == [{"a": b"2"}]
    assert past.commits(project, ["a"], 0) == ()


def test_nothing_outside_a_repository_or_before_the_first_commit(tmp_path: Path) -> None:
    assert past.commits(tmp_path, ["a"], 5) == ()
    _git(tmp_path, "init", "-q")
    assert past.commits(tmp_path, ["a"], 5) == ()


def test_a_merged_branch_counts_as_its_merge(project: Path) -> None:
    _git(project, "checkout", "-q", "-b", "side")
    _commit(project, a=b"side")
    _git(project, "checkout", "-q", "main")
    _commit(project, c=b"more")
    _git(project, "merge", "-q", "--no-ff", "-m", "merge", "side")
    assert [commit.files["a"] for commit in past.commits(project, ["a"], 10)][1:] == [b"2", b"side"]


def test_without_git_there_is_no_past(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert past.commits(project, ["a"], 5) == ()
