import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from custody import __version__

COMMANDS = [("policy", "check"), ("policy", "schema"), ("keys", "init"), *(("source", one) for one in ("add", "list"))]


def test_version_is_the_packages(custody: Callable[..., Any]) -> None:
    ran = custody("--version")
    assert (ran.status, ran.out) == (0, f"custody {__version__}\n")


@pytest.mark.parametrize("command", [*COMMANDS, ("source", "show"), ("source", "synth")])
def test_every_command_has_help(custody: Callable[..., Any], command: tuple[str, ...]) -> None:
    ran = custody(*command, "--help")
    assert ran.status == 0
    assert "Usage" in ran.out


def test_help_names_every_group(custody: Callable[..., Any]) -> None:
    out = custody("--help").out
    assert all(group in out for group in ("policy", "keys", "source"))


def test_unknown_command_is_a_usage_error(custody: Callable[..., Any]) -> None:
    assert custody("polcy").status == 2


def test_help_imports_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['custody', '--help']\n"
        "from custody.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'pyarrow', 'polars', 'numpy', 'pydantic', 'dvc'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout.splitlines()[-1] == "[]"
