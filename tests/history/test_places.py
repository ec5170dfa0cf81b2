"""`custody log`, `diff` and `which` where a repository is not as it was made: the same answers, or one clear line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.xdist_group("past")  # the repository is built once
SOURCE = "data/sources/edge.csv"


def _answers(project: Project) -> list[str]:
    policy = json.loads(project.must("custody", "log", "--json"))["releases"][1]["policy"]
    asked = (["log", "--json"], ["diff", "--json", "v1", "v3"], ["which", "--json", policy])
    return [project.must("custody", *words) for words in asked]


def _dirty(project: Project, _: Path) -> Project:
    (project.root / "params.yaml").write_text("no policy: [", encoding="utf-8")
    (project.root / "dvc.lock").write_text("no lock", encoding="utf-8")
    (project.root / "untracked.txt").write_text("x", encoding="utf-8")
    return project


def _detached(project: Project, _: Path) -> Project:
    project.git("checkout", "--quiet", "--detach")
    return project


def _moved(project: Project, folder: Path) -> Project:
    return Project(project.root.rename(folder / "else where"))


def _remote_down(project: Project, folder: Path) -> Project:
    project.git("remote", "add", "origin", f"file://{folder}/nowhere")
    config = project.root / ".dvc" / "config"
    config.write_text(config.read_text(encoding="utf-8") + f"['remote \"r\"']\n    url = {folder}/nowhere\n")
    with config.open("a", encoding="utf-8") as file:
        file.write("[core]\n    remote = r\n")
    return project


def _submodule(project: Project, folder: Path) -> Project:
    above = Project(folder / "above")
    above.root.mkdir()
    above.git("init", "--quiet")
    above.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(project.root), "inside")
    inside = Project(above.root / "inside")
    (project.root / ".dvc" / "cache").rename(inside.root / ".dvc" / "cache")
    return inside


@pytest.mark.parametrize("change", [_dirty, _detached, _moved, _remote_down, _submodule])
def test_the_answers_are_the_same(
    old: Project, copied: Project, tmp_path: Path, change: Callable[[Project, Path], Project]
) -> None:
    assert _answers(change(copied, tmp_path)) == _answers(old)


def test_a_params_file_deleted_at_head_changes_no_release(old: Project, copied: Project) -> None:
    copied.git("rm", "--quiet", "params.yaml")
    copied.commit()
    before, after = (json.loads(one.must("custody", "log", "--json"))["releases"] for one in (old, copied))
    assert after[0].pop("policy_changed_in") == [copied.git("rev-parse", "HEAD").strip()]
    assert before[0].pop("policy_changed_in") == []
    assert after == before
    told = json.loads(copied.must("custody", "diff", "--json", "v3", "HEAD"))
    assert told["decisions"] == ["released", "refused"]
    assert told["rows"][""]["removed_by"] == {"refused": 200}
    assert len(json.loads(copied.must("custody", "which", "--json", SOURCE))["found"]) == 2


def test_a_shallow_clone_says_that_history_was_cut_off(old: Project, tmp_path: Path) -> None:
    policy = json.loads(old.must("custody", "log", "--json"))["releases"][-1]["policy"]
    old.git("clone", "--quiet", "--depth", "1", f"file://{old.root}", str(tmp_path / "shallow"))
    shallow = Project(tmp_path / "shallow")
    (shallow.root / ".dvc" / "cache").symlink_to(old.root / ".dvc" / "cache")
    assert "a shallow clone" in json.loads(shallow.must("custody", "log", "--json"))["notes"][0]
    for words, said in ((["diff", "v1"], "git fetch --unshallow"), (["which", policy], "a shallow clone")):
        done = shallow.run("custody", *words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
        assert said in done.stderr


@pytest.mark.parametrize("words", [["log"], ["diff", "v1", "v2"], ["which", "0" * 64]])
def test_where_there_is_no_repository_it_says_so(tmp_path: Path, words: list[str]) -> None:
    done = Project(tmp_path).run("custody", *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert done.stderr.startswith("custody: git: here is no repository")
