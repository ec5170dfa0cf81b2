"""A command that changes keys, killed at any write: run again, it is done, and no secret was lost or left readable."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from governance.people import Person
from pipeline.project import Project, create
from pipeline.team import ROWS, policy_of_doors, trust
from support import STAGES

pytestmark = pytest.mark.xdist_group("keys killed")

POINTS = Path(__file__).with_name("key_kill_points.py")
DONE = ("already has a", "has no secret of zone ops", "has nothing of what is to be taken away")
"""What a second run says whose first one had done everything."""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project on the demo zone, and ada, who has no secret yet."""
    base = tmp_path_factory.mktemp("bare") / "base"
    project = create(base / "project")
    project.write_policy(policy_of_doors())
    (base / "ring").mkdir(0o700)
    trust(project, *(Person(base, name, "officer") for name in ("ada", "bob")))
    return base


@pytest.fixture(scope="module")
def shared(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a zone that ada made, a source sealed under it, and both its secrets wrapped to her and to bob."""
    base = tmp_path_factory.mktemp("shared") / "base"
    shutil.copytree(bare, base)
    (base / "door.csv").write_text(ROWS)
    project = Project(base / "project")
    environment = {
        "CUSTODY_KEYRING": str(base / "ring" / "keyring.json"),
        "CUSTODY_IDENTITY": str(base / "ada.key"),
        "XDG_STATE_HOME": str(base / "state"),
    }
    for words in (("keys", "init", "ops", "--reversible"), ("source", "add", str(base / "door.csv"))):
        project.must("custody", *words, **environment)
    for name in ("ada", "bob"):
        project.must("custody", "keys", "grant", name, **environment)
    (base / "door.csv").unlink()
    return base


def _killed(base: Path, *words: str) -> None:
    command = [sys.executable, "-B", str(POINTS), str(base), "keys", *words]
    environment = {**os.environ, "PYTHONPATH": str(STAGES), "CUSTODY_WORKERS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {operation for operation, *_ in found} >= {"fsync", "replace", "write"}
    for number, (operation, died, after_kill, status, said, after) in enumerate(found):
        where = f"killed before operation {number}, {operation}: {said}"
        assert died, where
        assert after_kill == [], where
        assert after == [], where
        assert status == 0 or (status == 3 and said.count("\n") == 1 and any(one in said for one in DONE)), where
        assert "internal error" not in said, where
    assert sum(status == 0 for *_, status, _, _ in found) > len(found) / 2


@pytest.mark.parametrize("words", [("init", "ops"), ("init", "ops", "--reversible")], ids=len)
def test_a_zone_that_is_being_made(bare: Path, words: tuple[str, ...]) -> None:
    _killed(bare, *words)
    assert _named(bare)["zone"] == "ops"


def test_a_grant(bare: Path, shared: Path) -> None:
    assert bare != shared
    _killed(shared, "grant", "bob")


def test_a_revocation(shared: Path) -> None:
    _killed(shared, "revoke", "bob")
    assert not (shared.with_name("work") / "project/.custody/keys/ops/bob.json").exists()
    assert _named(shared) != Project(shared / "project").policy()["keys"]


def test_a_revocation_of_one_compartment(shared: Path) -> None:
    _killed(shared, "revoke", "bob", "--compartment", "reidentify")
    held = json.loads((shared.with_name("work") / "project/.custody/keys/ops/bob.json").read_text())
    assert list(held["secrets"]) == ["pipeline"]


def test_a_rotation_of_secrets(shared: Path) -> None:
    _killed(shared, "rotate", "--secret", "pipeline", "--secret", "reidentify")
    assert _named(shared) != Project(shared / "project").policy()["keys"]


def test_a_rotation_of_pseudonyms(shared: Path) -> None:
    _killed(shared, "rotate", "person")
    assert Project(shared.with_name("work") / "project").policy()["privacy"]["epochs"]["person"] >= 2


def _named(base: Path) -> dict[str, str]:
    """What the policy names after the last of the runs."""
    named: dict[str, str] = Project(base.with_name("work") / "project").policy()["keys"]
    return named
