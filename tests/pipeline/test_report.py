"""`custody report` in a real project whose data and policy both change."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from pipeline import policies
from pipeline.project import Project, create, zone

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("keyring")
SOURCE = "data/sources/edge.csv"
ROWS = 200


def _rows(high: int) -> str:
    """Every risk is 0.2 but that of `high` records, which is 0.7, and of 10, which is 2."""
    risks = ["0.7"] * high + ["2"] * 10 + ["0.2"] * (ROWS - high - 10)
    return "login,risk,n\n" + "".join(f"user-{i % 9},{risk},{i}\n" for i, risk in enumerate(risks))


def _policy(keys: dict[str, str], most: float) -> dict[str, Any]:
    columns = {"user": "login", "risk": "risk", "n": "n"}
    keep = {"role": "insensitive", "technique": "keep"}
    return policies.policy(
        keys,
        {"edge": policies.source(SOURCE, {"type": "csv"}, columns)},
        {"user": "user", "risk": "number", "n": "integer"},
        {"duplicates": "warn", "rules": {"risk": {"range": {"min": 0, "max": most, "min_pass": 0.5}}}},
        {
            "subject": "user",
            "columns": {
                "user": {"role": "direct", "technique": "mac", "domain": "person"},
                "risk": keep,
                "n": keep,
            },
        },
        {"require_privacy_check": False, "distinct_ok": ["n"]},
    )


def _run(project: Project, high: int, most: float) -> None:
    keys = project.policy()["keys"]
    (project.root / SOURCE).write_text(_rows(high), encoding="utf-8")
    project.write_policy(_policy(keys, most))
    project.must("dvc", "repro", "-q")


def _logged(project: Project) -> list[str]:
    """Actions of the entries of the audit log."""
    return [json.loads(line)["action"] for line in project.must("custody", "audit", "show", "--json").splitlines()]


def _told(project: Project, *words: str, **environment: str) -> dict[str, Any]:
    done = project.must("custody", "report", "--format", "json", *words, **environment)
    told: dict[str, Any] = json.loads(done)["compared"]
    return told


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = create(tmp_path / "project")
    made.write_policy(_policy(zone(), 1))
    _run(made, 20, 1)
    made.commit()
    return made


def test_a_change_is_parted_between_data_and_policy(project: Project) -> None:
    first = project.git("rev-parse", "HEAD").strip()
    assert _told(project) is None

    _run(project, 20, 0.5)  # the policy alone: 20 of 200 records more break it
    told = _told(project)
    assert told["base"] == first
    [rule] = told["attribution"]["rules"]
    assert (rule["before"], rule["after"]) == (0.95, 0.85)
    assert rule["rate"] == {"total": -0.1, "policy": -0.1, "data": 0.0}

    _run(project, 60, 1)  # the data alone: under the old policy no more records break it
    assert _told(project)["attribution"]["rules"] == []

    assert "report" not in _logged(project), "no data was opened so far"
    _run(project, 60, 0.5)  # both: alone the policy costs 0.1, with the new data 0.3
    unlogged = _told(project, XDG_STATE_HOME="/dev/null")
    assert unlogged["attribution"]["orders"] == 0
    assert "the audit log cannot be written, so no data was opened" in unlogged["how"]
    told = _told(project)
    assert _logged(project).count("report") == 1
    assert told["attribution"]["orders"] == 2
    [rule] = told["attribution"]["rules"]
    assert rule["rate"] == {"total": -0.3, "policy": -0.2, "data": -0.1}
    text = project.must("custody", "report", "--format", "markdown")
    assert "policy \\-0.100 \\(risk.range\\), data \\-0.050 \\(risk.range\\)" in text

    project.commit()
    assert _told(project) == told  # now the decision before the committed one is the base
    assert _told(project, "--base", first[:12]) == told
    _without_the_earlier_data(project)


def test_histograms_of_the_anchor_stand_for_data_that_is_gone(project: Project) -> None:
    project.must("custody", "anchor", "set", "HEAD")
    project.commit()
    _run(project, 60, 0.5)
    whole = _told(project)
    assert whole["attribution"]["orders"] == 2
    shutil.rmtree(project.root / ".dvc" / "cache")
    told = _told(project)
    assert told["attribution"]["orders"] == 2
    [rule] = told["attribution"]["rules"]
    assert rule["rate"] == {"total": -0.3, "policy": -0.2, "data": -0.1}, "0.5 is a bucket's edge: as exact as the data"
    assert "its histograms in data/anchor stand for it, and are exact" in told["how"]


def _without_the_earlier_data(project: Project) -> None:
    before = project.run("custody", "report", "--base", "nowhere")
    assert (before.returncode, before.stderr.count("\n")) == (3, 1)
    shutil.rmtree(project.root / ".dvc" / "cache")
    told = _told(project)
    assert told["attribution"]["orders"] == 1
    [rule] = told["attribution"]["rules"]
    assert rule["rate"] == {"total": -0.3, "policy": -0.3, "data": 0.0}
    assert "one order alone" in told["how"]
    alone = project.must("custody", "report", "--format", "json", CUSTODY_KEYRING="/nonexistent/keyring.json")
    compared = json.loads(alone)["compared"]
    assert compared["attribution"]["rules"][0]["rate"] == {"total": -0.3, "policy": None, "data": None}
    assert "not told apart" in compared["how"]
