"""A signal ends a command so that it cleans up; one that it was started to ignore does not end it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from support import STAGES

_BLOCK = """
import os, signal, sys
from custody.history.ending import ending_well
number = int(sys.argv[1])
before = signal.getsignal(number)
try:
    with ending_well():
        os.kill(os.getpid(), number)
        print("went on")
finally:
    print("cleaned up", signal.getsignal(number) is before, flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("ignored", [False, True])
def test_it_cleans_up_and_what_is_ignored_stays_so(number: signal.Signals, *, ignored: bool) -> None:
    def start() -> None:
        signal.signal(number, signal.SIG_IGN if ignored else signal.SIG_DFL)

    command = [sys.executable, "-B", "-c", _BLOCK, str(int(number))]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(STAGES)}, preexec_fn=start, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == (0 if ignored else 128 + number)
    assert done.stdout == ("went on\n" if ignored else "") + "cleaned up True\n"


def test_a_command_under_nohup_outlives_its_terminal() -> None:
    command = ["nohup", sys.executable, "-B", "-c", _BLOCK, str(int(signal.SIGHUP))]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(STAGES)}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "went on\ncleaned up True\n")
