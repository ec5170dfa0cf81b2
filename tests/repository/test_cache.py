"""DVC's cache, read without DVC."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from custody.repository import cache


def _put(store: Path, text: bytes, suffix: str = "") -> str:
    md5 = hashlib.md5(text, usedforsecurity=False).hexdigest() + suffix
    path = store / "files" / "md5" / md5[:2] / md5[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return md5


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        ("config", "[core]\n    analytics = false\n", ".dvc/cache"),
        ("config", "[cache]\n    dir = ../../shared\n", "shared"),
        ("config.local", "['remote \"x\"']\n    url = s3://x\n[cache]\n    dir = /abs\n", "/abs"),
    ],
)
def test_the_cache_is_where_dvc_configures_it(tmp_path: Path, file: str, text: str, found: str) -> None:
    project = tmp_path / "project"
    (project / ".dvc").mkdir(parents=True)
    (project / ".dvc" / file).write_text(text, encoding="utf-8")
    folder = cache.folder(project)
    assert folder is not None
    wanted = tmp_path / "shared" if found == "shared" else project / found
    assert folder.resolve() == wanted.resolve()


def test_without_a_dvc_project_there_is_no_cache(tmp_path: Path) -> None:
    assert cache.folder(tmp_path) is None
    assert cache.read(None, "0" * 32) is None


def test_a_file_and_a_list_of_files_by_their_md5(tmp_path: Path) -> None:
    one = _put(tmp_path, b"text")
    listed = _put(tmp_path, json.dumps([{"md5": one, "relpath": "a/b"}]).encode(), ".dir")
    assert cache.read(tmp_path, one) == b"text"
    assert cache.listing(tmp_path, listed) == {"a/b": one}


def test_what_has_another_md5_than_its_name_is_not_there(tmp_path: Path) -> None:
    one = _put(tmp_path, b"text")
    place = cache.place(tmp_path, one)
    assert place is not None
    place.write_bytes(b"other")
    assert cache.read(tmp_path, one) is None


@pytest.mark.parametrize("name", ["", "..", "../../../etc/passwd", "0" * 31, "G" * 32, "0" * 32])
def test_a_name_that_is_no_md5_or_not_there_leads_nowhere(tmp_path: Path, name: str) -> None:
    assert cache.read(tmp_path, name) is None
    assert cache.listing(tmp_path, name) is None
