"""A rebuild's folder goes with its process, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.history.rebuild.place import fresh, user_cache
from support import STAGES

HOLD = """
from custody.history.rebuild.place import fresh
with fresh() as place:
    print(place.root, flush=True)
    input()
"""


def _hold() -> tuple[subprocess.Popen[str], Path]:
    started = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env={**os.environ, "PYTHONPATH": str(STAGES)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    return started, Path(started.stdout.readline().strip())


def test_what_a_killed_one_left_is_removed_by_the_next() -> None:
    killed, left = _hold()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert left.is_dir()
    with fresh() as place:
        assert not left.exists()
        assert place.root.is_dir()
    assert not place.root.exists()


def test_one_that_still_runs_is_left_alone() -> None:
    running, used = _hold()
    with fresh() as place:
        assert used.is_dir()
        assert used != place.root
    running.communicate("done\n")
    assert not used.exists()


def test_an_error_inside_leaves_nothing() -> None:
    with pytest.raises(CustodyError), fresh():
        raise CustodyError("no")
    assert [path.name for path in (user_cache() / "rebuilds").iterdir()] == ["making"]


def test_many_at_once_sweep_and_end_beside_each_other() -> None:
    code = (
        HOLD.replace("input()", "")
        .replace("with fresh", "for _ in range(30):\n  with fresh")
        .replace("    print", "   print")
    )
    environment = {**os.environ, "PYTHONPATH": str(STAGES)}
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    said = [one.communicate() for one in started]
    assert [(one.returncode, err) for one, (_, err) in zip(started, said, strict=True)] == [(0, b"")] * 4
    assert [path.name for path in (user_cache() / "rebuilds").iterdir()] == ["making"]
