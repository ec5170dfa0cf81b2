"""What must not be published is refused wherever git or DVC could see it, by the file's place alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.repository.outside import refuse_inside


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a worktree beside it; the working folder is in neither."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "--quiet", "repository"], cwd=tmp_path, check=True)
    root = tmp_path / "repository"
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "x"], cwd=root, check=True)
    subprocess.run([*git, "worktree", "add", "--quiet", "../worktree"], cwd=root, check=True)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return root


@pytest.mark.parametrize(
    "place",
    [
        "../repository/key",
        "../repository/not/yet/there/key",
        "../repository/.git/key",
        "../worktree/key",
        "../elsewhere/../repository/key",
        "../repository",
        "link/key",
        "file",
        "../dvc/key",
        "../policy/deep/key",
    ],
)
def test_a_place_in_any_repository_or_project_is_refused(repository: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "elsewhere/link").symlink_to(repository)
    (tmp_path / "elsewhere/file").symlink_to(repository / "key")
    (tmp_path / "dvc/.dvc").mkdir(parents=True)
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy/params.yaml").touch()
    with pytest.raises(CustodyError, match="KEY: is inside a project, where git or DVC could publish it"):
        refuse_inside(Path(place), "KEY")


def test_a_place_beside_a_repository_is_none_in_it(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_inside(tmp_path / "elsewhere" / "key", "KEY")
    monkeypatch.chdir(repository)
    refuse_inside(Path("../elsewhere/key"), "KEY")
    refuse_inside(Path("../key"), "KEY")
