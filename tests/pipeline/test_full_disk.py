"""A disk that takes no more: every stage stops with one line, and what was there is whole."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pipeline.small import STAGES, made, stopped, through

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.project import Project

pytestmark = pytest.mark.usefixtures("keyring")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path / "project")


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


@pytest.mark.parametrize("name", ["collect", "validate", "anonymize", "gate"])
def test_a_disk_that_takes_no_more_leaves_the_old_output(project: Project, name: str) -> None:
    through(project, "collect", "validate", "anonymize", "gate")
    before = project.outputs()
    script, *words = STAGES[name]
    done = subprocess.run(
        [sys.executable, f"stages/{script}", *words],
        cwd=project.root,
        preexec_fn=_small_files,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    stopped(done, "refused a file operation")
    assert project.outputs() == before
    assert not [path for path in (project.root / "data").rglob(".*") if path.name != ".gitignore"]


NO_MOUNT = 77
FULL = """
mkdir disk && mount -t tmpfs -o size=8m full disk && cp -r data disk/data || exit 77
dd if=/dev/zero of=disk/fill bs=4k 2>/dev/null
"$@"
status=$?
rm disk/fill
diff -r data disk/data >&2 || exit 78
exit $status
"""
"""Runs a stage on a file system of its own, in a mount namespace, that is full; then compares what it left."""


def _on_a_full_disk(project: Project, script: str, *words: str) -> subprocess.CompletedProcess[str]:
    stage_ = [
        sys.executable,
        f"stages/{script}",
        *(word if word == "data/sources" else word.replace("data/", "disk/data/") for word in words),
    ]
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", FULL, "sh", *stage_]
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    shutil.rmtree(project.root / "disk", ignore_errors=True)
    return done


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare: a test cannot mount a file system of its own")
def test_a_full_file_system_stops_every_stage_and_loses_nothing(project: Project) -> None:
    alone = ["unshare", "--map-root-user", "--mount", "true"]
    if subprocess.run(alone, capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no test a mount namespace of its own")
    through(project, "collect", "validate", "anonymize", "gate")
    for name in ("validate", "anonymize", "gate", "collect"):
        done = _on_a_full_disk(project, *STAGES[name])
        if done.returncode == NO_MOUNT:
            pytest.skip("this machine lets no test mount a file system of its own")
        stopped(done, "No space left on device")
