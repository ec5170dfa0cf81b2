"""A keyring of the test's own, and projects to run in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point CUSTODY_KEYRING at an empty place."""
    path = tmp_path / "keyring.json"
    monkeypatch.setenv("CUSTODY_KEYRING", str(path))
    return path
