"""Which files DVC keeps, told from its own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.repository.dvc_tracking import tracked


def project(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def names(root: Path, *paths: str) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in tracked(root, [root / path for path in paths]))


def test_a_sidecar_tracks_its_file_and_a_folders_sidecar_all_below(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "data/a.csv.dvc": "outs:\n- md5: 0\n  size: 1\n  hash: md5\n  path: a.csv\n",
            "raw.dvc": "outs:\n- path: raw\n",
            "other.dvc": "wdir: data\ndeps:\n- path: x\n  repo: {url: u}\nouts:\n- path: imported.csv\n",
        },
    )
    paths = ("data/a.csv", "data/b.csv", "raw/deep/c.csv", "data/imported.csv", "data/x", "raw2/c.csv")
    assert names(root, *paths) == ["data/a.csv", "data/imported.csv", "raw/deep/c.csv"]


def test_outputs_of_stages_are_tracked_unless_they_say_cache_false(tmp_path: Path) -> None:
    text = """
stages:
  one: {cmd: x, outs: [data/out.csv, data/git.csv: {cache: false}, data/kept: {persist: true}]}
  two: {cmd: x, wdir: data, outs: [two.csv], metrics: [m.json: {cache: false}], plots: [p.csv]}
  each:
    foreach: [a, b]
    do: {cmd: x, outs: ['data/[${item}].csv']}
"""
    root = project(tmp_path, {"dvc.yaml": text, "sub/dvc.yaml": "stages: {s: {cmd: x, outs: [../up.csv]}}"})
    paths = (
        "data/out.csv",
        "data/git.csv",
        "data/kept/f",
        "data/two.csv",
        "data/m.json",
        "data/p.csv",
        "data/[a].csv",
        "data/a.csv",
        "up.csv",
    )  # one list
    assert names(root, *paths) == [
        "data/[a].csv",
        "data/kept/f",
        "data/out.csv",
        "data/p.csv",
        "data/two.csv",
        "up.csv",
    ]


def test_a_project_without_dvc_tracks_nothing(tmp_path: Path) -> None:
    project(
        tmp_path,
        {"venv/pyvenv.cfg": "", "venv/x.dvc": "outs: [{path: ../a}]", "dvc.yaml": "", "n/dvc.yaml": "stages:\n"},
    )
    assert names(tmp_path, "a") == []


def test_a_file_behind_a_link_is_tracked_where_its_target_is(tmp_path: Path) -> None:
    root = project(tmp_path, {"raw.dvc": "outs:\n- path: raw\n", "raw/a.csv": "x"})
    (root / "link").symlink_to(root / "raw")
    assert names(root, "link/a.csv") == ["link/a.csv"]


@pytest.mark.parametrize("text", ["outs: [", "outs: &a [*a", "\x00", "{" * 5000])
def test_a_dvc_file_that_cannot_be_read_stops_without_being_quoted(tmp_path: Path, text: str) -> None:
    root = project(tmp_path, {"alice-mails.dvc": text})
    with pytest.raises(CustodyError, match="what DVC tracks is unknown") as caught:
        tracked(root, [root / "a"])
    assert "alice" not in str(caught.value)
