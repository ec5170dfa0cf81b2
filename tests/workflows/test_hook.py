"""The pre-commit hook: the staged params.yaml is checked, not the one in the work tree."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from history.review.proposing import edited
from pipeline.project import Project
from support import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A repository with the hook turned on and the policy staged."""
    made = Project(tmp_path / "project")
    made.root.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("config", "user.name", "test")
    made.git("config", "user.email", "test@example.com")
    shutil.copytree(ROOT / ".githooks", made.root / ".githooks")
    made.git("config", "core.hooksPath", ".githooks")
    shutil.copy(ROOT / "params.yaml", made.root)
    made.git("add", "--all")
    return made


def test_a_policy_that_holds_is_committed_and_one_with_a_mistake_is_not(project: Project) -> None:
    assert project.run("git", "commit", "--quiet", "-m", "one").returncode == 0
    edited(project.root / "params.yaml", "  k: 5\n", "  k: 1\n")
    project.git("add", "params.yaml")
    edited(project.root / "params.yaml", "  k: 1\n", "  k: 5\n")
    done = project.run("git", "commit", "--quiet", "-m", "two")
    assert (done.returncode != 0, done.stderr.startswith("params.yaml:"), "privacy.k" in done.stderr) == (True,) * 3
    project.git("add", "params.yaml")
    edited(project.root / "params.yaml", "  k: 5\n", "  k: 1\n")
    (project.root / "notes.txt").write_text("a word\n", encoding="utf-8")
    project.git("add", "notes.txt")
    assert project.run("git", "commit", "--quiet", "-m", "three").returncode == 0, "what is not staged is not looked at"


def test_without_custody_nothing_is_committed_unchecked(project: Project) -> None:
    done = project.run("git", "commit", "--quiet", "-m", "one", PATH="/usr/bin:/bin")
    assert done.returncode != 0
    assert "custody is not installed here, so params.yaml was not checked" in done.stderr
