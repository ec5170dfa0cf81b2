"""Records in the clear, where writing them is stopped from outside."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support import STAGES

if TYPE_CHECKING:
    from pathlib import Path

_WRITING = """
import signal, sys, time
from pathlib import Path
import pyarrow as pa
from custody.history import unsealed

def tables():
    yield pa.table({"user": ["annelise"] * 100_000})
    print("half", flush=True)
    time.sleep(600)

signal.signal(int(sys.argv[2]), signal.SIG_DFL)  # whoever runs this may have it ignored, as nohup does
unsealed.write(tables(), Path(sys.argv[1]))
"""
"""Writes one table, says so, and waits for the next."""


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_whoever_is_stopped_leaves_no_plain_file(tmp_path: Path, number: signal.Signals, suffix: str) -> None:
    out = tmp_path / f"records.{suffix}"
    command = [sys.executable, "-B", "-c", _WRITING, str(out), str(int(number))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": str(STAGES)}, text=True) as started:
        try:
            assert started.stdout is not None
            assert started.stdout.readline() == "half\n"
            assert out.exists()
            started.send_signal(number)
            started.wait(60)
        finally:
            started.kill()
    assert started.returncode == 128 + number
    assert list(tmp_path.iterdir()) == []
