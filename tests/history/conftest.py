"""One repository with a past, built once; a copy of it for each test that harms it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from history import forgetting, past, twelve
from pipeline.project import Project


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the repository and its keyring."""
    root = tmp_path_factory.mktemp("past")
    past.build(root)
    return root


@pytest.fixture
def old(built: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The repository as it was built, to be read alone."""
    monkeypatch.setenv("CUSTODY_KEYRING", str(built / "keyring.json"))
    return Project(built / "project")


@pytest.fixture
def copied(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of the repository, to be changed."""
    return _copied(built, tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def built_of_twelve(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the repository of twelve commits, and its keyring."""
    root = tmp_path_factory.mktemp("twelve")
    twelve.build(root)
    return root


@pytest.fixture
def long(built_of_twelve: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of the repository of twelve commits, to be changed."""
    return _copied(built_of_twelve, tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def built_to_forget(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the repository that people are erased from, and its keyring."""
    root = tmp_path_factory.mktemp("forgetting")
    forgetting.build(root)
    return root


@pytest.fixture
def told_of_all(built_to_forget: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of that repository, to be changed."""
    return _copied(built_to_forget, tmp_path, monkeypatch)


def _copied(root: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("CUSTODY_KEYRING", str(root / "keyring.json"))
    shutil.copytree(root / "project", place / "project", symlinks=True, copy_function=_copy)
    return Project(place / "project")


def _copy(source: str, target: str) -> None:
    """Copy what was hard-linked read-only into DVC's cache as a file of its own that can be changed."""
    shutil.copy2(source, target)
    os.chmod(target, 0o644 | os.stat(source).st_mode)  # noqa: PTH101, PTH116  # plain names
