"""The keyring: processes that write it take turns, and none loses what another one wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.governance import keys
from custody.governance.keyring import keyring_path
from custody.records.zone import Zone
from support import STAGES

_INIT = """
import sys
from custody.governance import keys
sys.stdin.readline()
for name in sys.argv[1:]:
    print(name, keys.create(name).check, keys.create_reversible(name).check, flush=True)
"""


@pytest.fixture(autouse=True)
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "ring" / "keyring.json"
    monkeypatch.setenv("CUSTODY_KEYRING", str(path))
    monkeypatch.chdir(tmp_path)
    return path


def test_eight_processes_at_once_lose_no_secret(keyring: Path) -> None:
    command = [sys.executable, "-B", "-c", _INIT]
    environment = {**os.environ, "PYTHONPATH": str(STAGES)}
    started = [
        subprocess.Popen(
            [*command, *(f"zone-{i}-{j}" for j in range(10))],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for i in range(8)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0].splitlines() for process in started]
    assert [process.returncode for process in started] == [0] * 8
    found = json.loads(keyring.read_text())
    assert len(found["zones"]) == len(found["reidentify"]) == 80
    for line in (one for lines in told for one in lines):
        name, pipeline, reidentify = line.split()
        assert Zone(name, bytes.fromhex(found["zones"][name])).check == pipeline
        assert Zone(name, bytes.fromhex(found["reidentify"][name])).check == reidentify
    assert [path.name for path in keyring.parent.iterdir()] == ["keyring.json"]
    assert keyring.stat().st_mode & 0o777 == 0o600


def test_the_same_zone_is_made_by_one_of_eight_and_refused_to_the_others(keyring: Path) -> None:
    command = [sys.executable, "-B", "-c", _INIT, "soc"]
    environment = {**os.environ, "PYTHONPATH": str(STAGES)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, env=environment, text=True, **pipes) for _ in range(8)]  # type: ignore[call-overload]
    said = [process.communicate("go\n") for process in started]
    made = [out for out, _ in said if out]
    assert len(made) == 1
    assert made[0].split()[1] == Zone("soc", bytes.fromhex(json.loads(keyring.read_text())["zones"]["soc"])).check
    assert sum("already has a zone soc" in err for _, err in said) == 7


def test_a_linked_keyring_stays_a_link(keyring: Path, tmp_path: Path) -> None:
    keys.create("one")
    (tmp_path / "stored").mkdir()
    keyring.rename(tmp_path / "stored" / "ring.json")
    keyring.symlink_to(tmp_path / "stored" / "ring.json")
    keys.create("two")
    assert keyring_path().is_symlink()
    assert sorted(json.loads((tmp_path / "stored" / "ring.json").read_text())["zones"]) == ["one", "two"]


def test_a_keyring_in_a_repository_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "--quiet", "repository"], cwd=tmp_path, check=True)
    monkeypatch.setenv("CUSTODY_KEYRING", str(tmp_path / "repository" / "keyring.json"))
    with pytest.raises(CustodyError, match="keyring: is inside a project"):
        keys.create("soc")
    assert not keyring_path().exists()
