"""A new epoch, as users begin it: what `dvc repro` runs again, and whose pseudonyms still match."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from custody.policy import load
from pipeline.policies import policy, source
from pipeline.project import Project, create

PEOPLE = ("ada", "bob", "eve", "mallory")
ROWS = "time,user,badge,event\n" + "".join(
    f"2026-10-{1 + day:02}T10:00:00Z,{name},B-{name}-7,login\n" for day in range(9) for name in PEOPLE
)
RUN_AGAIN = {"anonymize", "gate", "enforce"}
pytestmark = pytest.mark.xdist_group("rotation")


def _policy(zone: str, check: str) -> dict[str, Any]:
    columns = {"ts": "time", "user": "user", "badge": "badge", "event": "event"}
    privacy = {
        "subject": "user",
        "columns": {
            "ts": {"role": "quasi", "technique": "round_time", "to": "1Y"},
            "user": {"role": "direct", "technique": "mac", "domain": "person"},
            "badge": {"role": "direct", "technique": "encrypt_deterministic", "domain": "badge"},
            "event": {"role": "label", "technique": "keep"},
        },
        "k": 2,
    }
    return policy(
        {"zone": zone, "check": check},
        {"door": source("data/sources/door.csv", {"type": "csv"}, columns)},
        {"ts": "timestamp", "user": "user", "badge": "user", "event": "category"},
        {"duplicates": "warn", "rules": {"user": {"complete": {"severity": "error", "min_pass": 1.0}}}},
        privacy,
        {},
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose zone and reversible secret were made by the command, run once."""
    made = create(tmp_path_factory.mktemp("rotation") / "project")
    (made.root / "data/sources/door.csv").write_text(ROWS, encoding="utf-8")
    made.write_policy(_policy("demo", "0" * 16))
    run(made, "custody", "keys", "init", "ops", "--reversible")
    run(made, "dvc", "repro")
    return made


def run(project: Project, *command: str) -> str:
    return project.must(*command, **_environment(project))


def _environment(project: Project) -> dict[str, str]:
    outside = project.root.parent
    return {
        "CUSTODY_KEYRING": str(outside / "keyring.json"),
        "DVC_SITE_CACHE_DIR": str(outside / "site"),
    }


def _tokens(project: Project) -> dict[str, set[str]]:
    table = project.load()
    return {name: set(table.column(name).to_pylist()) for name in ("user", "badge", "row_id")}


def test_a_rotation_runs_what_it_must_and_old_pseudonyms_match_none_of_the_new(project: Project) -> None:
    before, bytes_before = _tokens(project), project.outputs()
    params = (project.root / "params.yaml").read_bytes()
    assert "person: epoch 1 → 2" in run(project, "custody", "keys", "rotate", "person")
    printed = run(project, "dvc", "repro")
    assert {name for name in ("collect", "validate", *RUN_AGAIN) if f"Running stage '{name}'" in printed} == RUN_AGAIN
    after = _tokens(project)
    assert not before["user"] & after["user"]
    assert len(after["user"]) == len(PEOPLE)
    assert before["badge"] == after["badge"], "a domain that was not named stays in its epoch"
    assert not before["row_id"] & after["row_id"], "no other column joins the two epochs"
    (project.root / "params.yaml").write_bytes(params)
    run(project, "dvc", "repro")
    assert project.outputs() == bytes_before, "the same epoch gives the same pseudonyms"


def test_rotating_every_domain_names_each_and_is_a_policy(project: Project) -> None:
    params = (project.root / "params.yaml").read_bytes()
    said = run(project, "custody", "keys", "rotate")
    assert said.count("epoch 1 → 2") == 2
    assert load(project.root / "params.yaml").privacy.epochs == {"badge": 2, "person": 2}
    (project.root / "params.yaml").write_bytes(params)


def test_the_reversible_secret_alone_takes_a_released_pseudonym_back(project: Project, tmp_path: Path) -> None:
    token = min(_tokens(project)["badge"])
    ring = json.loads((project.root.parent / "keyring.json").read_text())
    only = tmp_path / "keyring.json"
    only.write_text(json.dumps({"zones": {}, "reidentify": ring["reidentify"]}))
    only.chmod(0o600)
    environment = {**_environment(project), "CUSTODY_KEYRING": str(only)}
    done = project.run("custody", "privacy", "reidentify", token, "--reason", "case 7", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout in {f"b-{name}-7\n" for name in PEOPLE}


def test_a_run_stops_without_the_reversible_secret_only_where_a_column_needs_it(
    project: Project, tmp_path: Path
) -> None:
    ring = json.loads((project.root.parent / "keyring.json").read_text())
    only = tmp_path / "keyring.json"
    only.write_text(json.dumps({"zones": ring["zones"]}))
    only.chmod(0o600)
    command = ("python", "stages/anonymize.py", "data/collected", "data/validated", str(tmp_path / "anonymized"))
    environment = {**_environment(project), "CUSTODY_KEYRING": str(only)}
    done = project.run(*command, **environment)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "the keyring has no secret for reversible pseudonyms of zone ops" in done.stderr
    params = (project.root / "params.yaml").read_bytes()
    values = project.policy()
    values["privacy"]["columns"]["badge"]["technique"] = "mac"
    project.write_policy(values)
    done = project.run(*command, **environment)
    (project.root / "params.yaml").write_bytes(params)
    assert done.returncode == 0, done.stderr
