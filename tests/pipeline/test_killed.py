"""A process killed at any point of any stage, then a plain `dvc repro`: the bytes of a run that nobody disturbed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.project import Project, demo

pytestmark = pytest.mark.xdist_group("killed")

POINTS = Path(__file__).with_name("kill_points.py")
STAGES = {
    "collect": ["stages/collect.py", "data/sources", "data/collected"],
    "validate": ["stages/validate.py", "data/collected", "data/validated"],
    "anonymize": ["stages/anonymize.py", "data/collected", "data/validated", "data/anonymized"],
    "gate": ["stages/gate.py", "decide", "data/anonymized", "data/released"],
}


BETWEEN = """
import os, pathlib, runpy, signal, sys
whole, calls = pathlib.Path.rename, []
def rename(self, target):
    calls.append(self)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(self, target)
pathlib.Path.rename = rename
sys.argv = sys.argv[1:]
sys.path[0] = "stages"
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs a stage's script in a process that dies where it would rename a second time."""

DYING = """
import os, pathlib, signal, sys
def rename(self, target):
    os.kill(os.getpid(), signal.SIGKILL)
if os.environ["DYING"] in sys.orig_argv:
    pathlib.Path.rename = rename
"""
"""What a Python reads as it starts: the one that runs this script dies where it would rename for the first time."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = demo(tmp_path_factory.mktemp("killed") / "clone")
    project.must("dvc", "repro", DVC_SITE_CACHE_DIR=str(project.root.parent / "site"))
    project.commit()
    return project


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks processes")
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_killed_at_any_file_operation_leaves_nothing_that_it_would_not_put_right(
    built: Project, stage: str
) -> None:
    command = [sys.executable, str(POINTS), STAGES[stage][-1], *STAGES[stage]]
    environment = {**os.environ, "XDG_STATE_HOME": str(built.state)}  # as it was: every run does the same operations
    done = subprocess.run(command, cwd=built.root, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    points = json.loads(done.stdout)
    assert {operation for operation, *_ in points} >= {"mkdir", "rename"}
    for operation, died, whole, same in points:
        assert died, operation
        assert whole, f"killed before {operation}: the output is there and is not what it was"
        assert same, f"killed before {operation}: the next run does not give the same bytes, or leaves something"


def test_a_kill_between_the_two_renames_leaves_nothing_that_a_plain_run_would_not_put_right(built: Project) -> None:
    before = built.outputs()
    done = subprocess.run([sys.executable, "-c", BETWEEN, *STAGES["collect"]], cwd=built.root, check=False)
    assert done.returncode == -signal.SIGKILL
    data = built.root / "data"
    assert not (data / "collected").exists()
    assert (data / ".collected.old" / "receipt.json").exists()
    assert (data / ".collected.new" / "receipt.json").exists()
    _put_right(built, "collect", before)


def _put_right(built: Project, stage: str, before: dict[str, bytes]) -> None:
    """Run the pipeline where DVC has no copy of the outputs, so that the stage must run again; compare all bytes."""
    shutil.rmtree(built.root / ".dvc" / "cache")
    done = built.repro()
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Running stage '{stage}'" in done.stdout
    assert built.outputs() == before
    assert built.git("status", "--porcelain") == ""


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_killed_under_dvc_is_put_right_by_the_next_repro(built: Project, stage: str, tmp_path: Path) -> None:
    before = built.outputs()
    (tmp_path / "sitecustomize.py").write_text(DYING, encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(tmp_path),
        "DYING": STAGES[stage][0],
    }
    command = ["dvc", "repro", "--force", "--single-item", "--no-run-cache", stage]
    done = subprocess.run(command, cwd=built.root, env=environment, text=True, check=False, stderr=subprocess.PIPE)
    assert f"failed to reproduce '{stage}'" in done.stderr
    assert [path.name for path in (built.root / "data").glob(".*.new")], "it was killed where it had begun to write"
    _put_right(built, stage, before)
