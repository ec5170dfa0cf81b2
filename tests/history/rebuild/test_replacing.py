"""Replaced sources in a clone: what its `.dvc` files name then, and which folders that explains exactly."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING

import pytest
import yaml

from custody.history.rebuild import replacing
from custody.history.version import Version
from custody.repository import cache
from custody.trust.erasures import Erasure, Erasures, Source
from pipeline.project import Project
from support import ZONE

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW, OTHER = (hashlib.md5(text, usedforsecurity=False).hexdigest() for text in (b"old", b"new", b"other"))
KEPT = b"kept"


def _erasures(was: str, now: str, path: str = "data/sources/a") -> Erasures:
    one = Erasure(date="2026-11-26", subjects=("0" * 64,), sources=(Source(path=path, was=was, now=now),))
    return Erasures(erasures={"case-7": one})


def _sidecar(path: str, md5: str) -> bytes:
    return yaml.safe_dump({"outs": [{"md5": md5, "size": 9, "nfiles": 9, "hash": "md5", "path": path}]}).encode()


def _md5(text: bytes) -> str:
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def _version(store: Path, folder: str | None, params: bytes = b"") -> Version:
    dep = {"path": "data/sources", "md5": folder, "nfiles": 2}
    files = {"dvc.lock": json.dumps({"stages": {"collect": {"deps": [dep]}}}).encode(), "params.yaml": params}
    return Version("c" * 40, files, store)


@pytest.fixture
def clone(tmp_path: Path) -> Project:
    project = Project(tmp_path / "clone")
    (project.root / "data/sources").mkdir(parents=True)
    project.git("init", "--quiet")
    (project.root / "data/sources/kept").write_bytes(KEPT)
    return project


def _put(project: Project, name: str, text: bytes) -> None:
    (project.root / name).parent.mkdir(parents=True, exist_ok=True)
    (project.root / name).write_bytes(text)
    project.git("add", "--force", name)


def test_a_file_is_replaced_and_its_folder_explained_exactly(clone: Project, tmp_path: Path) -> None:
    was = _sidecar("a", OLD)
    _put(clone, "data/sources/a.dvc", was)
    swaps = replacing.swap(clone.root, _erasures(OLD, NEW))
    [out] = yaml.safe_load((clone.root / "data/sources/a.dvc").read_bytes())["outs"]
    assert out == {"md5": NEW, "hash": "md5", "path": "a"}
    (clone.root / "data/sources/a").write_bytes(b"new")
    folder = cache.name_of({"a": OLD, "a.dvc": _md5(was), "kept": _md5(KEPT)})
    done = replacing.replaced(clone.root, _version(tmp_path, folder), swaps, ZONE)
    assert done == replacing.Replaced(frozenset({"data/sources"}), files=True)
    (clone.root / "data/sources/kept").write_bytes(b"another")
    assert replacing.replaced(clone.root, _version(tmp_path, folder), swaps, ZONE) == replacing.Replaced()


def test_what_no_erasure_names_stays_byte_for_byte(clone: Project, tmp_path: Path) -> None:
    _put(clone, "data/sources/a.dvc", _sidecar("a", OLD) + b"# by hand\n")
    before = (clone.root / "data/sources/a.dvc").read_bytes()
    assert replacing.swap(clone.root, _erasures(OTHER, NEW)) == []
    assert (clone.root / "data/sources/a.dvc").read_bytes() == before
    (clone.root / "data/sources/a").write_bytes(b"old")
    assert replacing.replaced(clone.root, _version(tmp_path, "x"), [], ZONE) == replacing.Replaced()
    folder = cache.name_of({"a": OLD, "a.dvc": _md5(before), "kept": _md5(KEPT)})
    done = replacing.replaced(clone.root, _version(tmp_path, folder), [], ZONE)
    assert done == replacing.Replaced(frozenset({"data/sources"}))


def test_a_folder_that_dvc_names_as_one_is_explained_by_that_name(clone: Project, tmp_path: Path) -> None:
    (clone.root / "data/sources/kept").unlink()
    _put(clone, "data/sources.dvc", _sidecar("sources", f"{OLD}.dir"))
    swaps = replacing.swap(clone.root, _erasures(f"{OLD}.dir", f"{NEW}.dir", "data/sources"))
    assert replacing.replaced(clone.root, _version(tmp_path, f"{OLD}.dir"), swaps, ZONE).explained
    assert not replacing.replaced(clone.root, _version(tmp_path, f"{OTHER}.dir"), swaps, ZONE).explained


def test_a_folder_among_sources_needs_the_list_of_its_old_files(clone: Project, tmp_path: Path) -> None:
    listed = json.dumps([{"md5": OLD, "relpath": "x"}, {"md5": OTHER, "relpath": "y"}])
    name = f"{_md5(listed.encode())}.dir"
    was = _sidecar("sub", name)
    _put(clone, "data/sources/sub.dvc", was)
    swaps = replacing.swap(clone.root, _erasures(name, f"{NEW}.dir", "data/sources/sub"))
    _put(clone, "data/sources/sub/x", b"new")
    folder = cache.name_of({"sub/x": OLD, "sub/y": OTHER, "sub.dvc": _md5(was), "kept": _md5(KEPT)})
    version = _version(tmp_path / "cache", folder)
    done = replacing.replaced(clone.root, version, swaps, ZONE)
    assert done == replacing.Replaced(unlisted=frozenset({"data/sources"}), files=True)
    place = cache.place(tmp_path / "cache", name)
    assert place is not None
    place.parent.mkdir(parents=True)
    place.write_text(listed, encoding="utf-8")
    done = replacing.replaced(clone.root, version, swaps, ZONE)
    assert done == replacing.Replaced(frozenset({"data/sources"}), files=True)


def test_a_replaced_source_is_pinned_to_its_new_content_and_no_other(clone: Project, tmp_path: Path) -> None:
    _put(clone, "data/sources/a.dvc", _sidecar("a", OLD))
    pins = "".join(f"  {name}:\n    path: data/sources/{name}\n    sha256: '{'0' * 64}'\n" for name in ("a", "kept"))
    params = f"keys:\n  zone: test\nsources:\n{pins}".encode()
    (clone.root / "params.yaml").write_bytes(params)
    swaps = replacing.swap(clone.root, _erasures(OLD, NEW))
    (clone.root / "data/sources/a").write_bytes(b"new")
    assert replacing.replaced(clone.root, _version(tmp_path, "x", params), swaps, ZONE).unpinned == {"a"}
    sources = yaml.safe_load((clone.root / "params.yaml").read_bytes())["sources"]
    assert (sources["a"]["sha256"], sources["kept"]["sha256"]) == (hashlib.sha256(b"new").hexdigest(), "0" * 64)


def test_sources_that_read_a_replaced_file_are_told_as_collect_finds_them(clone: Project, tmp_path: Path) -> None:
    _put(clone, "data/sources/a.dvc", _sidecar("a", OLD))
    paths = {"one": "data/sources/a", "deep": "data/**/a", "flat": "data/*", "other": "data/sources/k*", "odd": "../*"}
    params = "sources:\n" + "".join(f"  {name}:\n    path: '{path}'\n" for name, path in paths.items()) + "  none:\n"
    swaps = replacing.swap(clone.root, _erasures(OLD, NEW))
    (clone.root / "data/sources/a").write_bytes(b"new")
    done = replacing.replaced(clone.root, _version(tmp_path, "x", params.encode()), swaps, ZONE)
    assert done == replacing.Replaced(sources=frozenset({"one", "deep"}))


def test_a_name_that_is_no_text_is_read_and_a_link_to_nothing_is_none(clone: Project) -> None:
    odd = clone.root / "data/sources" / os.fsdecode(b"\xff.dvc")
    odd.write_bytes(_sidecar("a", OLD))
    (clone.root / "data/sources/b.dvc").symlink_to("nothing")
    clone.git("add", "--force", "--all")
    assert [one.path for one in replacing.swap(clone.root, _erasures(OLD, NEW))] == ["data/sources/a"]
    assert NEW.encode() in odd.read_bytes()


@pytest.mark.parametrize("path", ["../../../elsewhere", "/elsewhere"])
def test_a_file_outside_the_project_is_not_replaced(clone: Project, path: str) -> None:
    _put(clone, "data/sources/a.dvc", _sidecar(path, OLD))
    assert replacing.swap(clone.root, _erasures(OLD, NEW)) == []
