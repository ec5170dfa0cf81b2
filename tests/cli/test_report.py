"""`custody report` as a user types it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reporting import project as example
from support import STAGES


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example.build(tmp_path_factory.mktemp("report") / "project")


def _custody(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(STAGES)}
    return subprocess.run(
        [sys.executable, "-m", "custody.cli", *words],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_page_is_written_and_said_where(built: Path) -> None:
    done = _custody(built, "report")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("report.html: auth-events, refused: 1 condition broken; ")
    assert (built / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_markdown_and_json_go_to_standard_output(built: Path) -> None:
    assert _custody(built, "report", "--format", "markdown").stdout.startswith("## ❌ refused")
    told = json.loads(_custody(built, "report", "--format", "json").stdout)
    assert told["decision"]["decision"] == "refused"
    assert told["accounting"]["totals"]["read"] == 6002
    assert [point["released"] for point in told["history"]] == [True, False]


def test_a_base_is_never_ignored(tmp_path: Path, built: Path) -> None:
    shutil.copytree(built, tmp_path / "project")
    (tmp_path / "project/data/validated/report.json").unlink()
    done = _custody(tmp_path / "project", "report", "--format", "json", "--base", "HEAD~1")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("custody: --base: data/validated/report.json is not here")
    without = _custody(tmp_path / "project", "report", "--format", "json")
    assert json.loads(without.stdout)["compared"] is None


def test_without_a_decision_it_stops_with_what_to_do(tmp_path: Path, built: Path) -> None:
    shutil.copy(built / "params.yaml", tmp_path)
    done = _custody(tmp_path, "report")
    assert (done.returncode, done.stdout) == (3, "")
    said = "released/statement.json: is missing, so nothing here is a release; get it again or run: dvc repro"
    assert done.stderr == f"custody: {said}\n"
    assert not (tmp_path / "report.html").exists()
