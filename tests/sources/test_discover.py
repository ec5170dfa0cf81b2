"""Paths and globs to files: in one order, and never outside the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from custody.errors import CustodyError
from custody.policy.sources import Source
from custody.sources.discover import discover, unnamed

PROVENANCE = {"owner": "team", "license": "Apache-2.0", "basis": "security", "review_by": "2027-01-01"}


def source(path: str, **more: Any) -> Source:
    raw = {"path": path, "format": {"type": "csv"}, "columns": {"a": "a"}, "provenance": PROVENANCE, "purposes": ("p",)}
    return Source.model_validate({**raw, **more})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in (
        "b.csv",
        "a.csv",
        "deep/c.csv",
        "deep/er/d.csv",
        "deep/.hidden/e.csv",
        ".f.csv",
        "a.csv.dvc",
        "x[1].csv",
        "note.txt",
    ):
        path = root / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (root / "data" / ".gitignore").write_text("/a.csv\n")
    return root


def names(root: Path, path: str) -> list[str]:
    found = discover({"s": source(path)}, root)
    assert [file.number for file in found] == list(range(1, len(found) + 1))
    return [file.path.relative_to(root / "data").as_posix() for file in found]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data/a.csv", ["a.csv"]),
        ("data/*.csv", ["a.csv", "b.csv", "x[1].csv"]),
        ("data/?.csv", ["a.csv", "b.csv"]),
        ("data/[!a].csv", ["b.csv"]),
        ("data/**/*.csv", ["a.csv", "b.csv", "deep/c.csv", "deep/er/d.csv", "x[1].csv"]),
        ("data/**/er/*.csv", ["deep/er/d.csv"]),
        ("data/*/*.csv", ["deep/c.csv"]),
        ("data/deep/**", ["deep/c.csv", "deep/er/d.csv"]),
        ("**/d.csv", ["deep/er/d.csv"]),
        ("data/.f.*", [".f.csv"]),
        ("data/x[1].csv", ["x[1].csv"]),
        ("data/a.*", ["a.csv"]),
    ],
)
def test_what_a_path_names(project: Path, path: str, expected: list[str]) -> None:
    assert names(project, path) == expected


@pytest.mark.parametrize(
    "path", ["data/none.csv", "data/*.json", "data", "data/deep", "data/er/**/*.csv", "data/[z-a].csv"]
)
def test_a_source_without_a_file_stops(project: Path, path: str) -> None:
    with pytest.raises(CustodyError, match=r"^sources\.s\.path: names no file"):
        discover({"s": source(path)}, project)


def test_a_link_out_of_the_project_stops(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("secret")
    (project / "data" / "zz.csv").symlink_to(outside)
    (project / "linked").symlink_to(tmp_path)
    for path in ("data/zz.csv", "data/*.csv", "linked/secret.csv", "linked/*.csv"):
        with pytest.raises(CustodyError, match=r"^sources\.s\.path: leads out of the project") as caught:
            discover({"s": source(path)}, project)
        assert "secret" not in str(caught.value)


def test_a_link_within_the_project_is_followed(project: Path) -> None:
    (project / "data" / "link.csv").symlink_to(project / "data" / "b.csv")
    assert names(project, "data/link.csv") == ["link.csv"]


def test_dots_that_leave_the_project_are_no_path() -> None:
    for path in ("../a.csv", "data/../../a.csv", "/etc/passwd", "data/./a.csv"):
        with pytest.raises(ValueError, match="plain relative path"):
            source(path)


def test_one_pinned_digest_cannot_be_that_of_several_files(project: Path) -> None:
    with pytest.raises(CustodyError, match=r"^sources\.s\.sha256: "):
        discover({"s": source("data/*.csv", sha256="0" * 64)}, project)


def test_files_that_no_source_names_are_told_apart_from_hidden_ones(project: Path) -> None:
    found = discover({"s": source("data/*.csv"), "t": source("data/deep/c.csv")}, project)
    assert unnamed(project / "data", found) == ["deep/er/d.csv", "note.txt"]
    with pytest.raises(CustodyError, match="is not a folder"):
        unnamed(project / "nowhere", found)


def test_a_glob_with_many_stars_is_judged_in_time(project: Path) -> None:
    (project / "data" / ("a" * 200)).write_text("")
    with pytest.raises(CustodyError, match="names no file"):
        discover({"s": source("data/" + "*a" * 30 + "*b")}, project)
