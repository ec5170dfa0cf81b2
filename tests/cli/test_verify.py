"""`custody verify`: what is named decides what is judged, and the answer is text or JSON with one exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def bare(project: Path) -> Path:
    """A project that released nothing."""
    (project / "dvc.yaml").write_text("stages: {}\n")
    (project / "data" / "released").mkdir(parents=True)
    return project


def _told(ran: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(ran.out)
    return told


@pytest.mark.parametrize("what", [(), ("data/released",), ("./data/../data/released/",)])
def test_the_projects_own_release_is_the_work_tree(bare: Path, custody: Callable[..., Any], what: tuple[str]) -> None:
    assert bare.is_dir()
    ran = custody("verify", "--json", *what)
    told = _told(ran)
    assert (ran.status, told["what"], told["holds"]) == (1, "the work tree", False)
    assert [one["code"] for one in told["reasons"]] == ["statement"]


def test_it_is_from_below_the_project_too(
    bare: Path, custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bare / "data")
    assert _told(custody("verify", "--json", "released"))["what"] == "the work tree"


def test_another_folder_and_the_release_of_another_project_stand_alone(
    bare: Path, custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree("data/released", "got")
    assert _told(custody("verify", "--json", "got"))["what"] == "got"
    (bare.parent / "away").mkdir()
    monkeypatch.chdir(bare.parent / "away")
    assert _told(custody("verify", "--json", str(bare / "data" / "released")))["what"] == "released"


@pytest.mark.parametrize("what", ["no-such", "--", "HEAD", "data/released/none"])
def test_what_is_neither_stops_in_one_line(bare: Path, custody: Callable[..., Any], what: str) -> None:
    assert bare.is_dir()
    ran = custody("verify", "--json", "--", what)
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert ran.err.startswith("custody: PATH | REV: is no folder and no revision of this repository")
