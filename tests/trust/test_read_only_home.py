"""Where no entry can be written: what hands out a release warns and goes on, what opens sealed data does not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from trust.conftest import Signed

pytestmark = pytest.mark.xdist_group("attacks")
LOAD = "import custody; print(len(custody.load('data/released')))"
WARNED = "; going on without an entry\n"


@pytest.fixture
def run(signed: Signed, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command in the signed project under a home that nobody can write to, not even root."""
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o555)
    (tmp_path / "gitconfig").touch()
    environment = {"HOME": str(home) if os.geteuid() else "/proc", "XDG_STATE_HOME": ""}
    environment |= {"GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"), "DVC_SITE_CACHE_DIR": str(tmp_path / "site")}
    return lambda *command: signed.project.run(*command, **environment)


def test_a_load_and_a_fetch_warn_and_go_on(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    ran = run("python", "-c", LOAD)
    assert (ran.returncode, ran.stdout) == (0, "5513\n"), ran.stderr
    assert ran.stderr.count(WARNED) == 1
    assert ran.stderr.startswith("custody: audit log: cannot be written (")
    ran = run("custody", "fetch", ".", "../got", "--rev", "HEAD")
    assert (ran.returncode, ran.stderr.count(WARNED)) == (0, 1), ran.stderr
    assert ran.stdout.startswith("fetched auth-events: 5,513 rows, signed by ada; ")


@pytest.mark.parametrize(
    "command", [("anchor", "set", "HEAD"), ("privacy", "frontier", "--reason", "choose k")], ids=["anchor", "frontier"]
)
def test_sealed_data_is_not_opened(
    run: Callable[..., subprocess.CompletedProcess[str]], signed: Signed, command: tuple[str, ...]
) -> None:
    ran = run("custody", *command)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (3, "", 1), ran.stderr
    assert ran.stderr.startswith("custody: audit log: cannot be written (")
    assert signed.project.git("status", "--porcelain") == ""


@pytest.mark.parametrize("command", [("release", "retract", ".", "--reason", "x"), ("release", "sign")])
def test_nothing_is_signed_or_retracted(
    run: Callable[..., subprocess.CompletedProcess[str]], signed: Signed, command: tuple[str, ...]
) -> None:
    signatures = sorted(Path("data/signatures").iterdir())
    key = ("--key", str(signed.ada.path)) if command[1] == "sign" else ()
    ran = run("custody", *command, *key)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith("custody: audit log: cannot be written (")
    assert not Path(".custody/retractions.json").exists()
    assert sorted(Path("data/signatures").iterdir()) == signatures
