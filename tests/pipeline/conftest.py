"""A keyring of the test's own, and projects to run in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.team import Member, build, copied

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point CUSTODY_KEYRING at an empty place."""
    path = tmp_path / "keyring.json"
    monkeypatch.setenv("CUSTODY_KEYRING", str(path))
    return path


@pytest.fixture(scope="session")
def built_team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zone that two people share, once for all tests."""
    folder = tmp_path_factory.mktemp("team")
    build(folder)
    return folder


@pytest.fixture
def team(built_team: Path, tmp_path: Path) -> tuple[Member, Member]:
    """Ada and Bob, each with a clone, to change."""
    return copied(built_team, tmp_path / "team")
