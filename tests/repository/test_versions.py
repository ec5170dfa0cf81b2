"""Outputs of an earlier revision, from a real DVC cache."""

from __future__ import annotations

import hashlib
import http.server
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest

from custody.errors import CustodyError
from custody.repository import versions

PIPELINE = """
stages:
  make:
    cmd: python make.py
    deps: [make.py]
    outs: [data/made]
"""


def _run(root: Path, *command: str) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.org"}
    env |= {"GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.org"}
    return subprocess.run(command, cwd=root, env=env, check=True, capture_output=True, text=True).stdout.strip()


def _version(root: Path, text: str) -> str:
    (root / "make.py").write_text(
        f"import pathlib\nfor name in 'b', 'a':\n    path = pathlib.Path('data/made/sub', name)\n"
        f"    path.parent.mkdir(parents=True, exist_ok=True)\n    path.write_text({text!r} + name)\n"
    )
    _run(root, "dvc", "repro", "-q")
    _run(root, "git", "add", "--all")
    _run(root, "git", "commit", "-q", "-m", text)
    return _run(root, "git", "rev-parse", "HEAD")


@pytest.fixture(params=[".", "project"], scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> tuple[Path, str]:
    """A project in a repository, or in a folder of one, with two versions; and the first one's commit."""
    base = tmp_path_factory.mktemp("made") / "repository"
    root = base / request.param
    root.mkdir(parents=True)
    _run(base, "git", "init", "-q")
    _run(root, "dvc", "init", "-q", *(["--subdir"] if request.param != "." else []))
    (root / "dvc.yaml").write_text(PIPELINE)
    first = _version(root, "first ")
    _version(root, "second ")
    return root, first


@pytest.fixture
def project(made: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    """A copy that a test may harm."""
    root, first = made
    base = root if root.name == "repository" else root.parent
    shutil.copytree(base, tmp_path / "repository", symlinks=True)
    return tmp_path / "repository" / root.relative_to(base), first


def _read(place: Path) -> dict[str, str]:
    files = (path for path in sorted((place / "data").rglob("*")) if path.is_file())
    return {path.relative_to(place).as_posix(): path.read_text() for path in files}


def test_an_earlier_revisions_files_come_and_the_work_tree_stays(project: tuple[Path, str]) -> None:
    root, first = project
    with versions.outputs(root, "HEAD~1", ["data/made"]) as (commit, place):
        assert commit == first
        assert _read(place) == {"data/made/sub/a": "first a", "data/made/sub/b": "first b"}
    assert not place.exists()
    with versions.outputs(root, first, [], ["data/made/sub/b"]) as (_, place):
        assert _read(place) == {"data/made/sub/b": "first b"}
    assert _read(root)["data/made/sub/a"] == "second a"
    assert _run(root, "git", "status", "--porcelain") == ""


def test_the_present_version_is_the_project_itself(tmp_path: Path) -> None:
    for name in (".", "workspace"):
        with versions.outputs(tmp_path, name, ["data/made"]) as found:
            assert found == ("workspace", tmp_path)


@pytest.mark.parametrize("name", ["nowhere", "--all", "HEAD:dvc.yaml", "HEAD\0"])
def test_a_revision_that_git_does_not_know_is_refused(made: tuple[Path, str], name: str) -> None:
    with pytest.raises(CustodyError, match="REV: is no revision"), versions.outputs(made[0], name, ["data/made"]):
        pass


def test_data_that_dvc_does_not_have_is_named(project: tuple[Path, str]) -> None:
    root, first = project
    md5 = "d41f6b5b0d3b2e1f0a6c0b7c6c3c5a0f"
    with pytest.raises(CustodyError, match="dvc fetch"), versions.outputs(root, first, ["data/other"]):
        pass
    for path in (root / ".dvc" / "cache" / "files" / "md5").rglob("*"):
        if path.is_file() and path.name != md5 and not path.name.endswith(".dir"):
            path.chmod(0o600)
            path.unlink()
    with pytest.raises(CustodyError, match="dvc fetch"), versions.outputs(root, first, ["data/made"]):
        pass


@pytest.mark.parametrize("name", ["dvc.yaml", "dvc.lock"])
def test_a_lost_object_is_named_and_not_called_data_that_dvc_lacks(project: tuple[Path, str], name: str) -> None:
    root, first = project
    lost = _run(root, "git", "rev-parse", f"{first}:./{name}")
    top = Path(_run(root, "git", "rev-parse", "--show-toplevel"))
    (top / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    with (
        pytest.raises(CustodyError, match="git: cannot read what this repository should hold"),
        versions.outputs(root, first, ["data/made"]),
    ):
        pass


def test_a_list_of_files_that_is_not_the_recorded_one_is_noticed_for_one_file_too(project: tuple[Path, str]) -> None:
    root, first = project
    lists = list((root / ".dvc" / "cache" / "files" / "md5").rglob("*.dir"))
    assert lists
    for path in lists:
        path.chmod(0o600)
        path.write_text(path.read_text().replace("sub/a", "sub/c"))
    with pytest.raises(CustodyError), versions.outputs(root, first, [], ["data/made/sub/b"]):
        pass


def test_an_altered_cache_is_noticed(project: tuple[Path, str]) -> None:
    root, first = project
    for path in (root / ".dvc" / "cache" / "files" / "md5").rglob("*"):
        if path.is_file() and not path.name.endswith(".dir"):
            path.chmod(0o600)
            path.write_text("forged!" + "x")
    with pytest.raises(CustodyError, match=r"not what its dvc\.lock"), versions.outputs(root, first, ["data/made"]):
        pass


def _import(root: Path, dep: str, more: str = "") -> str:
    """Commit a `.dvc` file that imports `data/sources/x`, and return the commit."""
    (root / "data" / "sources").mkdir(parents=True, exist_ok=True)
    text = f"frozen: true\ndeps:\n- {dep}\nouts:\n- path: x\n{more}"
    (root / "data" / "sources" / "x.dvc").write_text(text, encoding="utf-8")
    _run(root, "git", "add", "--all")
    _run(root, "git", "commit", "--quiet", "--message", "import")
    return _run(root, "git", "rev-parse", "HEAD")


@pytest.mark.parametrize("of", ["file", "folder", "repository"])
def test_what_is_imported_is_brought_as_its_md5_says_or_not_at_all(
    project: tuple[Path, str], tmp_path: Path, of: str
) -> None:
    root, _ = project
    private = tmp_path / "private"
    (private / "folder").mkdir(parents=True)
    for path in (private / "file", private / "folder" / "file"):
        path.write_text("of this machine", encoding="utf-8")
    dep = f"path: {private / of}"
    if of == "repository":
        _run(private, "git", "init", "--quiet")
        _run(private, "git", "add", "--all")
        _run(private, "git", "commit", "--quiet", "--message", "private")
        commit = _run(private, "git", "rev-parse", "HEAD")
        dep = f"path: file\n  repo:\n    url: {private}\n    rev_lock: {commit}"
    place = tmp_path / "place"
    for more in ("", "  hash: md5\n", f"  md5: {'0' * 32}\n", f"  hash: md5\n  md5: {'0' * 32}\n"):
        with pytest.raises(CustodyError):
            versions.bring_inputs(root, _import(root, dep, more), ["data/sources"], place)
        assert not any("of this machine" in text for text in _read(place).values())
    if of == "repository":
        md5 = hashlib.md5(b"of this machine", usedforsecurity=False).hexdigest()
        known = _import(root, dep, f"  hash: md5\n  md5: {md5}\n")
        with pytest.raises(CustodyError):
            versions.bring_inputs(root, known, ["data/sources"], place)
        _cached(root, b"of this machine")
        versions.bring_inputs(root, known, ["data/sources"], place)
        assert _read(place)["data/sources/x"] == "of this machine", "a digest that is known says what it is"


def _cached(root: Path, text: bytes) -> str:
    md5 = hashlib.md5(text, usedforsecurity=False).hexdigest()
    path = root / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return md5


class _Counting(http.server.SimpleHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    do_HEAD = do_GET  # noqa: N815  # as the server calls it

    def log_message(self, *_: object) -> None:
        """Say nothing."""


IMPORTS = {
    "url": "path: {url}/x\n  checksum: abc\n  size: 2",
    "url without a checksum": "path: {url}/x",
    "repository": "path: x\n  repo:\n    url: {url}/other.git\n    rev_lock: {commit}",
    "folder of a repository": "path: x\n  repo:\n    url: {url}/other.git",
}


@pytest.mark.parametrize("dep", IMPORTS)
@pytest.mark.parametrize("known", ["", "md5", "folder"])
def test_where_something_is_imported_from_is_never_asked(
    project: tuple[Path, str], tmp_path: Path, dep: str, known: str
) -> None:
    root, _ = project
    (tmp_path / "x").write_bytes(b"hi")
    md5 = {"md5": hashlib.md5(b"hi", usedforsecurity=False).hexdigest(), "folder": "0" * 32 + ".dir"}.get(known)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Counting, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        commit = _import(
            root, IMPORTS[dep].format(url=url, commit="0a" * 20), f"  hash: md5\n  md5: {md5}\n" if md5 else ""
        )
        _Counting.asked.clear()
        for bring in (versions.bring_inputs, _bring):
            with pytest.raises(CustodyError):
                bring(root, commit, ["data/sources"], tmp_path / "place")
        if known == "md5":
            _cached(root, b"hi")
            versions.bring_inputs(root, commit, ["data/sources"], tmp_path / "place")
            assert _read(tmp_path / "place")["data/sources/x"] == "hi"
        assert _Counting.asked == []
        server.shutdown()


def _bring(root: Path, commit: str, names: list[str], place: Path) -> None:
    versions.bring(root, commit, names, [f"{name}/x" for name in names], place)
