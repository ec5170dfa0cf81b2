"""`custody anchor set`: a real project, released twice, pins its first release and compares itself with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pipeline import policies
from pipeline.project import Project, create, zone

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("keyring")

SOURCE = "data/sources/edge.csv"
HEADER = "login,risk,verdict\n"


def _rows(count: int) -> str:
    return HEADER + "".join(f"user-{i % 9},0.{i % 10},{('benign', 'malicious')[i % 2]}\n" for i in range(count))


def _policy(keys: dict[str, str]) -> dict[str, Any]:
    columns = {"user": "login", "risk": "risk", "label": "verdict"}
    return policies.policy(
        keys,
        {"edge": policies.source(SOURCE, {"type": "csv"}, columns)},
        {"user": "user", "risk": "number", "label": "category"},
        {"duplicates": "warn", "label": "label", "rules": {"risk": {"range": {"min": 0, "max": 1}}}},
        {
            "subject": "user",
            "columns": {
                "user": {"role": "direct", "technique": "mac", "domain": "person"},
                "risk": {"role": "insensitive", "technique": "keep"},
                "label": {"role": "label", "technique": "keep"},
            },
        },
        {"require_privacy_check": False},
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = create(tmp_path / "project")
    made.write_policy(_policy(zone()))
    return made


def _release(project: Project, rows: int) -> None:
    (project.root / SOURCE).write_text(_rows(rows), encoding="utf-8")
    project.must("dvc", "repro", "-q")
    project.commit()


def test_a_released_version_is_pinned_reviewed_and_compared_with(project: Project) -> None:
    _release(project, 100)
    first = project.git("rev-parse", "HEAD").strip()
    _release(project, 120)
    assert "no anchor" in project.must("custody", "anchor", "show")

    said = project.must("custody", "anchor", "set", "HEAD~1")
    assert f"anchor: {first[:12]}, 100 accepted records, 3 columns" in said
    entry = json.loads(project.must("custody", "audit", "show", "--json").splitlines()[-1])
    assert (entry["action"], entry["outcome"], entry["about"]["revision"]) == ("anchor", "granted", first)
    done = project.run("custody", "anchor", "set", "HEAD~1", XDG_STATE_HOME="/dev/null")
    assert (done.returncode, "audit log: cannot be written" in done.stderr) == (3, True), "no entry, no data"
    changed = {line.split()[-1] for line in project.git("status", "--porcelain").splitlines()}
    assert changed
    assert all(name.startswith("data/anchor/") for name in changed)
    manifest = project.json("data/anchor/manifest.json")
    assert (manifest["revision"], manifest["rows"]) == (first, 100)
    sealed = b"".join(path.read_bytes() for path in (project.root / "data" / "anchor").iterdir())
    assert not any(text in sealed for text in (b"user-1", b"malicious"))
    assert first[:12] in project.must("custody", "anchor", "show")

    project.must("dvc", "repro", "-q")
    reports = [project.json(f"data/{name}/report.json")["anchor"] for name in ("validated", "anonymized")]
    assert reports[0] == reports[1] is not None
    before = project.outputs()
    project.must("custody", "anchor", "set", first)
    assert project.outputs() == before, "the same version pins the same bytes"

    (project.root / "data" / "anchor" / "profile.sealed").write_bytes(b"other")
    done = project.repro()
    assert done.returncode != 0
    assert "custody: anchor: was altered" in done.stderr


def test_an_anchor_of_another_schema_is_a_finding_that_waits_for_people(project: Project) -> None:
    _release(project, 100)
    project.must("custody", "anchor", "set", "HEAD")
    values = project.policy()
    values["schema"] |= {"risk": "text", "more": "integer"}
    values["sources"]["edge"]["columns"] |= {"more": "risk"}
    values["quality"] |= {"rules": {}, "signals": {"drift": {}, "label_audit": {"action": "warn"}}}
    values["privacy"]["columns"]["more"] = {"role": "insensitive", "technique": "keep"}
    values["privacy"]["columns"]["risk"] = {"role": "insensitive", "technique": "redact_text"}
    project.write_policy(values)
    done = project.repro()
    assert done.returncode != 0
    found = {
        (one["code"], one["where"]): one["action"] for one in project.json("data/validated/report.json")["findings"]
    }
    assert found["schema_drift", "more"] == found["schema_drift", "risk"] == "review"
    assert found["anchor_does_not_apply", ""] == "review"
    conditions = project.json("data/released/statement.json")["conditions"]
    broken = [one["id"] for one in conditions if not one["held"]]
    assert len([one for one in broken if one.startswith("findings.schema_drift")]) == 2


def test_only_a_released_version_under_this_key_can_be_pinned(project: Project) -> None:
    policy = project.policy()
    project.write_policy({**policy, "gate": {**policy["gate"], "min_rows": 1000}})
    (project.root / SOURCE).write_text(_rows(50), encoding="utf-8")
    project.must("dvc", "repro", "-q", "gate")
    project.commit()
    for revision in (".", "HEAD"):
        done = project.run("custody", "anchor", "set", revision)
        assert (done.returncode, done.stderr.count("\n")) == (3, 1)
        assert "REV: was refused" in done.stderr
    assert project.json("data/anchor/manifest.json") == {}

    project.write_policy(policy)
    project.must("dvc", "repro", "-q")
    project.commit()
    project.must("custody", "anchor", "set", ".")
    project.write_policy({**policy, "keys": zone("other")})
    done = project.run("custody", "anchor", "set", "HEAD")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    done = project.run("dvc", "repro")
    assert "anchor/manifest.json: is sealed under another key" in done.stderr
