"""What git is asked in a repository that may be a stranger's, or damaged."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.repository import changes, git, past, tree


def _git(root: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository of one commit."""
    root = tmp_path / "root"
    (root / "kept").mkdir(parents=True)
    (root / "kept" / "list.json").write_text("[1]")
    (root / "params.yaml").write_text("a: 1\n")
    _git(root, "init", "-q", "--initial-branch=main")
    _git(root, "add", "--all")
    _git(root, "commit", "-q", "-m", "state")
    return root


def _lose(root: Path, name: str) -> None:
    """Remove the object of a name from the repository."""
    object_ = _git(root, "rev-parse", f"HEAD:{name}")
    (root / ".git" / "objects" / object_[:2] / object_[2:]).unlink()


@pytest.mark.parametrize("url", ["ssh://x/y", "ext::sh -c touch% ran", "file:///nowhere", "https://127.0.0.1:9/x"])
def test_no_program_of_a_repository_runs_for_an_object_that_it_lacks(root: Path, url: str) -> None:
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": url,
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": "touch ran; false",
        "core.sshCommand": "touch ran; false",
        "core.gitProxy": "touch ran; false",
        "core.fsmonitor": "touch ran; false",
        "credential.helper": "!touch ran",
        "protocol.allow": "always",
    }.items():
        _git(root, "config", key, value)
    _lose(root, "kept/list.json")
    with pytest.raises(CustodyError, match="git: cannot read what this repository should hold"):
        tree.files(root, "HEAD", ["kept"])
    for name in (_git(root, "rev-parse", "HEAD:kept/list.json"), "HEAD:kept/list.json"):
        with pytest.raises(CustodyError, match="git: cannot read what this repository should hold"):
            git.contents(root, [name])
    assert not list(root.rglob("ran"))


def test_what_is_not_there_is_no_fault(root: Path) -> None:
    assert tree.files(root, "HEAD", ["nothing"]) == {}
    asked = ["HEAD:nothing", "HEAD:params.yaml", "HEAD:kept", "HEAD:kept/nothing", "HEAD:params.yaml/below"]
    assert git.contents(root, asked) == [None, b"a: 1\n", None, None, None]
    assert git.contents(root / "kept", ["HEAD:./list.json", "HEAD:./*"]) == [b"[1]", None]
    (root / "new").mkdir()
    _git(root / "new", "init", "-q")
    assert tree.files(root / "new", "HEAD", ["params.yaml"]) == {}


@pytest.mark.parametrize("name", ["kept", "kept/list.json"])
def test_what_cannot_be_read_is_not_taken_as_absent(root: Path, name: str) -> None:
    _lose(root, name)
    with pytest.raises(CustodyError, match="objects of it are missing or damaged"):
        tree.files(root, "HEAD", ["kept/list.json"])


@pytest.mark.parametrize("name", ["kept", "kept/list.json"])
def test_a_lost_object_is_told_from_an_absent_path(root: Path, name: str) -> None:
    lost = _git(root, "rev-parse", f"HEAD:{name}")
    _lose(root, name)
    for asked in ([lost], ["HEAD:params.yaml", "HEAD:kept/list.json"], ["HEAD:nothing", "HEAD:./kept/list.json"]):
        with pytest.raises(CustodyError, match="objects of it are missing or damaged"):
            git.contents(root, asked)
    with pytest.raises(CustodyError, match="objects of it are missing or damaged"):
        past.commits(root, ["params.yaml", "kept/list.json"], 5)
    assert git.contents(root, ["HEAD:params.yaml", "HEAD:nothing"]) == [b"a: 1\n", None], "the others are as they were"


def test_a_revision_that_is_none_is_no_absent_path(root: Path) -> None:
    with pytest.raises(CustodyError, match="git: cannot read"):
        git.contents(root, ["no-such:params.yaml"])


def test_a_damaged_object_is_not_taken_as_absent(root: Path) -> None:
    object_ = _git(root, "rev-parse", "HEAD:kept/list.json")
    path = root / ".git" / "objects" / object_[:2] / object_[2:]
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    with pytest.raises(CustodyError, match="objects of it are missing or damaged"):
        tree.files(root, "HEAD", ["kept/list.json"])


def test_history_that_cannot_be_read_is_not_taken_as_empty(root: Path) -> None:
    first = _git(root, "rev-parse", "HEAD")
    (root / "kept" / "list.json").write_text("[2]")
    _git(root, "commit", "-q", "-a", "-m", "later")
    assert len(tree.history(root, first, "HEAD", "kept/list.json")) == 1
    _lose(root, "kept")
    with pytest.raises(CustodyError, match="objects of it are missing or damaged"):
        tree.history(root, first, "HEAD", "kept/list.json")
    with pytest.raises(CustodyError, match="objects of it are missing or damaged"):
        changes.changes(root, ["kept/list.json"])


def test_a_branch_whose_commit_is_missing_is_not_taken_as_none(root: Path) -> None:
    commit = _git(root, "rev-parse", "HEAD")
    (root / ".git" / "objects" / commit[:2] / commit[2:]).unlink()
    for name in ("HEAD", "refs/heads/main"):
        with pytest.raises(CustodyError, match="objects of it are missing or damaged"):
            tree.commit_of(root, name)
    assert tree.commit_of(root, "refs/heads/other") is None


def test_signatures_shown_by_configuration_are_no_commits(root: Path, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    for key, value in {"gpg.format": "ssh", "user.signingKey": str(tmp_path / "key"), "commit.gpgSign": "true"}.items():
        _git(root, "config", key, value)
    (root / "params.yaml").write_text("a: 2\n")
    _git(root, "commit", "-q", "-a", "-m", "signed")
    _git(root, "config", "log.showSignature", "true")
    commits = _git(root, "rev-list", "HEAD").split()
    assert [one.commit for one in changes.changes(root, ["params.yaml"])] == commits
    assert [one.id for one in past.commits(root, ["params.yaml"], 5)] == commits[::-1]


@pytest.mark.parametrize("name", [b"..", b"."])
def test_a_path_that_climbs_out_of_its_folder_is_refused(tmp_path: Path, name: bytes) -> None:
    def made(*words: str, given: bytes = b"") -> str:
        author = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        done = subprocess.run(["git", *author, *words], cwd=tmp_path, input=given, capture_output=True, check=True)
        return done.stdout.decode().strip()

    made("init", "--quiet")
    held = made("hash-object", "-w", "--stdin", given=b"text")
    for step, mode in ((b"file", b"100644"), (name, b"40000"), (b"data", b"40000")):
        given = mode + b" " + step + b"\0" + bytes.fromhex(held)
        held = made("hash-object", "-w", "-t", "tree", "--literally", "--stdin", given=given)
    commit = made("commit-tree", held, "-m", "state")
    with pytest.raises(CustodyError, match="git: a commit names a file outside its folder"):
        tree.files(tmp_path, commit, ["data"])
