"""Which commits changed a file, in real repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.repository import changes, git


def _git(root: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def _commit(root: Path, **files: str | None) -> str:
    for name, content in files.items():
        (root / name).unlink() if content is None else (root / name).write_text(content)
    _git(root, "add", "--all")
    _git(root, "commit", "-q", "--allow-empty", "-m", "state")
    return _git(root, "rev-parse", "HEAD")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder of a repository that has a file of the same name outside it."""
    _git(tmp_path, "init", "-q", "--initial-branch=main")
    (tmp_path / "a").write_text("outside")
    root = tmp_path / "project"
    root.mkdir()
    return root


def test_each_commit_with_what_it_made_of_the_files(project: Path) -> None:
    first = _commit(project, a="1", b="1")
    _commit(project, c="not asked for")
    last = _commit(project, a=None)
    removed, made = changes.changes(project, ["a", "b"])
    assert (removed.commit, dict(removed.blobs)) == (last, {"a": None})
    assert (made.commit, sorted(made.blobs)) == (first, ["a", "b"])
    assert git.contents(project, [made.blobs["a"] or ""]) == [b"1"]


def test_a_merge_counts_with_what_it_brought_and_everywhere_with_each_side(project: Path) -> None:
    _commit(project, a="1")
    _git(project, "checkout", "-q", "-b", "side")
    side = _commit(project, a="2")
    _git(project, "checkout", "-q", "main")
    _commit(project, b="1")
    _git(project, "merge", "-q", "--no-ff", "-m", "merged", "side")
    merge = _git(project, "rev-parse", "HEAD")
    assert changes.changes(project, ["a"])[0].commit == merge
    assert side not in {one.commit for one in changes.changes(project, ["a"])}
    assert {side, merge} <= {one.commit for one in changes.changes(project, ["a"], everywhere=True)}
    assert changes.line_of(project)[0] == merge


def test_configuration_and_a_missing_commit_do_not_steer_it(project: Path) -> None:
    assert changes.changes(project, ["a"]) == ()
    first = _commit(project, a="1")
    for key, value in (
        ("log.showRoot", "false"),
        ("log.showSignature", "true"),
        ("color.ui", "always"),
        ("diff.renames", "copies"),
    ):
        _git(project, "config", key, value)
    assert [one.commit for one in changes.changes(project, ["a"])] == [first]


def test_tags_of_both_kinds_by_their_commit(project: Path) -> None:
    first = _commit(project, a="1")
    _git(project, "tag", "light")
    _git(project, "tag", "-a", "-m", "x", "heavy/1")
    assert changes.tags(project) == {first: ["heavy/1", "light"]}


def test_no_repository_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CustodyError, match="here is no repository"):
        changes.changes(tmp_path, ["a"])


def test_all_that_ever_lay_in_a_folder_comes_once_and_few_at_a_time(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "kept").mkdir()
    for i in range(5):
        _commit(project, **{f"kept/{i}": f"text {i}", "kept/same": "same", "other": str(i)})
    last = _commit(project, **{f"kept/{i}": None for i in range(4)})
    asked: list[int] = []
    contents = git.contents

    def counted(root: Path, names: list[str]) -> list[bytes | None]:
        asked.append(len(names))
        return contents(root, names)

    monkeypatch.setattr(changes, "AT_ONCE", 2)
    monkeypatch.setattr(git, "contents", counted)
    found = list(changes.ever(project, last, "kept"))
    assert sorted(found) == sorted([*(f"text {i}".encode() for i in range(5)), b"same"])
    assert max(asked) == 2
