"""The script: `decide` always records, `enforce` turns a refusal red."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from custody.records.zone import Zone
from release import example
from support import STAGES

if TYPE_CHECKING:
    from pathlib import Path

OWN = Zone("test", hashlib.sha256(b"of the gate's tests").digest())
"""A zone whose secret looks random, as a keyring wants it."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a candidate and a keyring that holds its zone."""
    keyring = tmp_path / "keyring.json"
    keyring.write_text(json.dumps({"zones": {OWN.name: OWN.secret.hex()}}))
    keyring.chmod(0o600)
    monkeypatch.setenv("CUSTODY_KEYRING", str(keyring))
    monkeypatch.setattr(example, "ZONE", OWN)
    monkeypatch.setitem(example.VALUES["keys"], "check", OWN.check)
    example.build(tmp_path / "data")
    _params(tmp_path)
    return tmp_path


def _params(root: Path, **sections: Any) -> None:
    values = example.policy(**sections).model_dump(mode="json", by_alias=True, exclude_unset=True)
    (root / "params.yaml").write_text(yaml.safe_dump(values))


def _gate(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", str(STAGES / "gate.py"), *words]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env={**os.environ})


def test_a_release_is_recorded_and_enforced(project: Path) -> None:
    decided = _gate(project, "decide", "data/anonymized", "data/released")
    assert (decided.returncode, decided.stdout, decided.stderr) == (0, "released 60 rows in 2 files\n", "")
    assert json.loads((project / "data" / "metrics" / "gate.json").read_text())["released"] == 1
    enforced = _gate(project, "enforce", "data/released")
    assert (enforced.returncode, enforced.stdout, enforced.stderr) == (0, "released 60 rows in 2 files\n", "")


def test_a_refusal_is_recorded_with_status_0_and_enforced_with_status_1(project: Path) -> None:
    _params(project, gate={"min_rows": 61})
    decided = _gate(project, "decide", "data/anonymized", "data/released")
    assert (decided.returncode, decided.stdout, decided.stderr) == (0, "refused: 1 condition broken\n", "")
    assert [path.name for path in (project / "data" / "released").iterdir()] == ["statement.json"]
    assert json.loads((project / "data" / "metrics" / "gate.json").read_text())["released"] == 0
    enforced = _gate(project, "enforce", "data/released")
    assert (enforced.returncode, enforced.stdout) == (1, "")
    assert enforced.stderr.startswith(
        "custody: refused: 1 condition broken\n"
        "  rows: 60 rows in the candidate, at least 61 must\n"
        "since the last commit: not compared, "
    )


def test_a_stop_has_status_3_and_leaves_release_and_metrics(project: Path) -> None:
    _gate(project, "decide", "data/anonymized", "data/released")
    before = {path: path.read_bytes() for path in (project / "data").glob("[mr]*/*")}
    assert len(before) == 5
    next((project / "data" / "anonymized").glob("*.sealed")).write_bytes(b"")
    stopped = _gate(project, "decide", "data/anonymized", "data/released")
    assert (stopped.returncode, stopped.stdout) == (3, "")
    assert "is not the partition of this run" in stopped.stderr
    assert {path: path.read_bytes() for path in (project / "data").glob("[mr]*/*")} == before


def test_a_missing_key_stops(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTODY_KEYRING", str(project / "none.json"))
    stopped = _gate(project, "decide", "data/anonymized", "data/released")
    assert (stopped.returncode, stopped.stdout) == (3, "")
    assert "the keyring has no zone test" in stopped.stderr


def test_enforcing_needs_no_key(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _gate(project, "decide", "data/anonymized", "data/released")
    monkeypatch.setenv("CUSTODY_KEYRING", str(project / "none.json"))
    assert _gate(project, "enforce", "data/released").returncode == 0
