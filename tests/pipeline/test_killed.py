"""A process killed at any point of any stage, then a plain `dvc repro`: the bytes of a run that nobody disturbed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pipeline.project import Project, demo

pytestmark = pytest.mark.xdist_group("killed")

STAGES = {
    "collect": ["stages/collect.py", "data/sources", "data/collected"],
    "validate": ["stages/validate.py", "data/collected", "data/validated"],
    "anonymize": ["stages/anonymize.py", "data/collected", "data/validated", "data/anonymized"],
    "gate": ["stages/gate.py", "decide", "data/anonymized", "data/released"],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = demo(tmp_path_factory.mktemp("killed") / "clone")
    project.must("dvc", "repro", DVC_SITE_CACHE_DIR=str(project.root.parent / "site"))
    project.commit()
    return project


@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_stage_leaves_nothing_that_a_plain_run_would_not_put_right(built: Project, stage: str) -> None:
    before = built.outputs()
    for share in (0.25, 0.5, 0.75, 0.95):
        _kill(built.root, STAGES[stage], share)
    done = built.repro()
    assert done.returncode == 0, done.stdout + done.stderr
    assert built.outputs() == before
    assert built.git("status", "--porcelain") == ""


def _kill(root: Path, command: list[str], share: float) -> None:
    """Start a stage and kill its process at `share` of the time that it takes when left alone."""
    started = time.monotonic()
    subprocess.run([sys.executable, *command], cwd=root, check=True, capture_output=True)
    whole = time.monotonic() - started
    process = subprocess.Popen(
        [sys.executable, *command], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(whole * share)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_killed_under_dvc_is_put_right_by_the_next_repro(built: Project, stage: str) -> None:
    before = built.outputs()
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    command = ["dvc", "repro", "--force", "--single-item", "--no-run-cache", stage]
    with subprocess.Popen(command, cwd=built.root, env=environment, text=True, stderr=subprocess.PIPE) as running:
        _kill_child(running.pid, STAGES[stage][0])
        assert running.stderr is not None
        assert f"failed to reproduce '{stage}'" in running.stderr.read()
    done = built.repro()
    assert done.returncode == 0, done.stdout + done.stderr
    assert built.outputs() == before
    assert built.git("status", "--porcelain") == ""


def _kill_child(parent: int, script: str) -> None:
    """Wait until DVC has started the stage, let it run for a moment, and kill it."""
    for _ in range(600):
        for child in psutil.Process(parent).children(recursive=True):
            if child.name().startswith("python") and script in child.cmdline():
                time.sleep(0.4)
                child.kill()
                return
        time.sleep(0.02)
    raise AssertionError("DVC never started the stage")
