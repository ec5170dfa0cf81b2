"""What a folder holds is told from git, from `.dvc` files and from DVC's cache, as DVC itself names it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from custody.records import seal
from custody.repository import kept
from custody.repository.kept import Kept

SOURCES = "data/sources"
SEALED = seal.MAGIC + b"\0" * 64
FILES = {"a.csv": b"a,b\n1,2\n", "b.sealed": SEALED, "sub/c.csv": b"c\n", "sub-d.csv": b"d\n", "sub.e": b"e\n"}


def _run(root: Path, *words: str) -> str:
    return subprocess.run(words, cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def _git(root: Path, *words: str) -> str:
    return _run(root, "git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words)


def _digests(text: bytes) -> Kept:
    md5 = hashlib.md5(text, usedforsecurity=False).hexdigest()
    return Kept(md5, None if text.startswith(seal.MAGIC) else hashlib.sha256(text).hexdigest())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose sources git keeps in part, and DVC in part: a file and a folder of them."""
    root = tmp_path_factory.mktemp("kept")
    for name, text in FILES.items():
        (root / SOURCES / name).parent.mkdir(parents=True, exist_ok=True)
        (root / SOURCES / name).write_bytes(text)
    _git(root, "init", "-q", "--initial-branch=main")
    _run(root, "dvc", "init", "-q")
    _run(root, "dvc", "add", "-q", f"{SOURCES}/b.sealed", f"{SOURCES}/sub", f"{SOURCES}/sub-d.csv")
    (root / "dvc.yaml").write_text(yaml.safe_dump({"stages": {"read": {"cmd": "true", "deps": [SOURCES]}}}))
    _run(root, "dvc", "repro", "-q")
    _git(root, "add", "--all")
    _git(root, "commit", "-q", "-m", "state")
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A copy, to change."""
    shutil.copytree(built, tmp_path / "root", symlinks=True)
    return tmp_path / "root"


def _recorded(root: Path) -> str:
    lock = yaml.safe_load((root / "dvc.lock").read_text())
    return str(lock["stages"]["read"]["deps"][0]["md5"])


def test_the_folder_has_the_name_that_dvc_records_in_work_tree_and_commit(root: Path) -> None:
    here, committed = kept.in_folder(root, SOURCES), kept.in_commit(root, "HEAD", SOURCES)
    assert here is not None
    assert here == committed
    assert here.name == _recorded(root)
    assert {name: here.files[name] for name in FILES} == {name: _digests(text) for name, text in FILES.items()}


def test_a_clone_that_pulled_nothing_knows_the_name_all_the_same(root: Path, tmp_path: Path) -> None:
    _git(root, "clone", "-q", str(root), str(tmp_path / "clone"))
    clone = tmp_path / "clone"
    _run(clone, "dvc", "config", "cache.dir", str(root / ".dvc" / "cache"))
    here = kept.in_folder(clone, SOURCES)
    assert here is not None
    assert (here.name, here.removed) == (_recorded(root), 0)
    shutil.rmtree(root / ".dvc" / "cache")
    here = kept.in_folder(clone, SOURCES)
    assert here is not None
    assert here.files["b.sealed"] == Kept(_digests(SEALED).md5)
    assert here.files["sub-d.csv"] == Kept(_digests(b"d\n").md5), "named, and not at hand"
    assert (here.files["sub"], here.name) == (Kept(), None), "whose list of files is not at hand"


def test_a_folder_that_dvc_keeps_as_a_whole_has_its_own_name(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / SOURCES).mkdir(parents=True)
    (root / SOURCES / "a.csv").write_bytes(b"a\n")
    _git(root, "init", "-q", "--initial-branch=main")
    _run(root, "dvc", "init", "-q")
    _run(root, "dvc", "add", "-q", SOURCES)
    _git(root, "add", "--all")
    _git(root, "commit", "-q", "-m", "state")
    before = kept.in_folder(root, SOURCES)
    assert before is not None
    shutil.rmtree(root / SOURCES)
    for held in (kept.in_folder(root, SOURCES), kept.in_commit(root, "HEAD", SOURCES)):
        assert held is not None
        assert (held.name, dict(held.files)) == (before.name, {"a.csv": _digests(b"a\n")})
    shutil.rmtree(root / ".dvc" / "cache")
    held = kept.in_commit(root, "HEAD", SOURCES)
    assert held is not None
    assert held.name == before.name
    assert set(held.files.values()) == {Kept()}


def test_another_object_under_a_name_in_the_cache_is_not_at_hand(root: Path) -> None:
    shutil.rmtree(root / SOURCES / "sub")
    md5 = str(_digests(b"c\n").md5)
    path = root / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    path.chmod(0o644)
    path.write_bytes(b"x\n")
    held = kept.in_folder(root, SOURCES)
    assert held is not None
    assert held.files["sub/c.csv"] == Kept(md5)


def test_what_was_removed_is_counted_and_what_is_no_plain_file_is_not_known(root: Path) -> None:
    (root / SOURCES / "a.csv").unlink()
    (root / SOURCES / "link").symlink_to("/dev/zero")
    held = kept.in_folder(root, SOURCES)
    assert held is not None
    assert (held.removed, held.name, held.files["link"]) == (1, None, Kept())


def test_a_pointer_and_a_file_too_large_are_not_known(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / SOURCES / "large.csv").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    _git(root, "add", "--all")
    _git(root, "commit", "-q", "-m", "pointer")
    held = kept.in_commit(root, "HEAD", SOURCES)
    assert held is not None
    assert (held.files["large.csv"], held.name) == (Kept(), None)
    monkeypatch.setattr("custody.repository.tree.LARGEST", 7)
    held = kept.in_commit(root, "HEAD", SOURCES)
    assert held is not None
    assert held.files["a.csv"] == Kept()
    assert held.files["sub.e"] == _digests(b"e\n")


def test_nothing_is_held_where_there_is_nothing(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    assert kept.in_folder(tmp_path, SOURCES) is None
    (tmp_path / "a").write_text("a")
    _git(tmp_path, "add", "--all")
    _git(tmp_path, "commit", "-q", "-m", "state")
    assert kept.in_commit(tmp_path, "HEAD", SOURCES) is None


@pytest.mark.parametrize(
    "text", ["outs: 1", "[", "- a", "outs: [1, {path: 1}, {md5: x}]", "outs:\n- path: ../../../x\n  md5: a\n"]
)
def test_a_dvc_file_that_names_nothing_here_adds_nothing(root: Path, text: str) -> None:
    before = kept.in_folder(root, SOURCES)
    (root / SOURCES / "odd.dvc").write_text(text)
    held = kept.in_folder(root, SOURCES)
    assert held is not None
    assert before is not None
    assert held.files.keys() - before.files.keys() == {"odd.dvc"}
