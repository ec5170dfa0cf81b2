"""`custody reproduce` from odd places, and of what it cannot build: it works, or one line says why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from history import past
from pipeline.project import Project

pytestmark = pytest.mark.xdist_group("past")  # the repository is built once


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("nowhere",), 3, "REV: is no revision that git knows here"),
        (("nothing",), 3, "records no release in its dvc.lock"),
        (("v1", "--to", "built"), 3, "--to: is inside a project"),
        ((), 2, ""),
    ],
)
def test_what_cannot_be_asked_is_one_line(copied: Project, words: tuple[str, ...], status: int, said: str) -> None:
    tree = copied.git("hash-object", "-t", "tree", "/dev/null").strip()
    copied.git("tag", "nothing", copied.git("commit-tree", "-m", "none", tree).strip())
    done = copied.run("custody", "reproduce", *words)
    assert done.returncode == status
    assert said in done.stderr
    assert status == 2 or (done.stdout, done.stderr.count("\n")) == ("", 1)


def _reproduced(project: Project, revision: str) -> str:
    done = project.run("custody", "reproduce", revision, "--current-env")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert done.stdout.splitlines()[0].endswith(": reproduced")
    return done.stdout


def test_a_detached_head_a_dirty_tree_and_an_index_in_the_middle_of_something_do_not_matter(copied: Project) -> None:
    copied.git("checkout", "--quiet", "v2")
    (copied.root / past.SOURCE).write_text("half\n", encoding="utf-8")
    copied.git("add", past.SOURCE)
    (copied.root / "dvc.lock").unlink()
    before = copied.git("status", "--short"), copied.git("rev-parse", "HEAD")
    _reproduced(copied, "v3")
    assert (copied.git("status", "--short"), copied.git("rev-parse", "HEAD")) == before


def test_a_shallow_clone_builds_what_it_has_and_names_how_to_get_the_rest(copied: Project, tmp_path: Path) -> None:
    copied.git("clone", "--quiet", "--depth", "1", f"file://{copied.root}", str(tmp_path / "shallow"))
    shallow = Project(tmp_path / "shallow")
    assert "compared with dvc.lock alone" in _reproduced(shallow, "HEAD")
    done = shallow.run("custody", "reproduce", "HEAD~1")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "REV: is no revision that git knows here" in done.stderr
    assert "git fetch --unshallow" in done.stderr


def test_in_a_submodule_and_in_a_second_work_tree_it_is_the_same(copied: Project, tmp_path: Path) -> None:
    outer = Project(tmp_path / "outer")
    outer.root.mkdir()
    outer.git("init", "--quiet", "--initial-branch=main")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(copied.root), "inner")
    _reproduced(Project(outer.root / "inner"), "HEAD")
    copied.git("worktree", "add", "--quiet", str(tmp_path / "second"), "v1")
    _reproduced(Project(tmp_path / "second"), "v2")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("params.yaml", "policy: params.yaml of the revision names no key"),
        ("requirements.lock", "the revision has none"),
    ],
)
def test_what_a_revision_lacks_is_named(copied: Project, name: str, said: str) -> None:
    copied.git("rm", "--quiet", name)
    copied.commit()
    done = copied.run("custody", "reproduce", "HEAD", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr, told["answer"]) == (3, "", "unverifiable")
    assert said in told["notes"][-1]


def test_sources_behind_a_remote_that_is_down_are_named(copied: Project) -> None:
    copied.git("rm", "--quiet", "--cached", past.SOURCE)
    copied.must("dvc", "add", "--quiet", past.SOURCE)
    values = copied.policy()
    values["sources"]["edge"]["plaintext"] = "made up, nobody is in it"
    copied.write_policy(values)
    copied.must("dvc", "remote", "add", "--quiet", "--default", "store", "http://127.0.0.1:9/store")
    copied.must("dvc", "repro", "--quiet", "gate")
    copied.git("add", "--all")
    copied.commit()
    listed = [path for path in (copied.root / ".dvc/cache/files").rglob("*") if path.is_file()]
    text = (copied.root / past.SOURCE).read_bytes()
    [held] = [path for path in listed if path.read_bytes() == text]
    held.unlink()
    done = copied.run("custody", "reproduce", "HEAD", "--current-env")
    assert (done.returncode, done.stderr) == (3, "")
    assert "sources: what data/sources/edge.csv.dvc names is neither in DVC's cache nor to be had" in done.stdout
