"""What is read, what is checked, and what stops."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.reporting.facts.report import report
from custody.reporting.reading import read


@pytest.fixture
def copied(refused: Path, tmp_path: Path) -> Path:
    root = tmp_path / "copy"
    shutil.copytree(refused, root)
    return root


def test_no_data_is_opened(copied: Path) -> None:
    for path in copied.glob("data/*/**/*.sealed"):
        path.unlink()
    assert report(read(copied, 0)).decision.decision == "refused"


def test_an_altered_report_stops(copied: Path) -> None:
    path = copied / "data/validated/report.json"
    body = json.loads(path.read_text())
    body["score"] = 1.0
    path.write_text(json.dumps(body))
    with pytest.raises(CustodyError, match="altered"):
        read(copied, 0)


def test_without_the_key_it_says_that_macs_were_not_checked(copied: Path) -> None:
    text = (copied / "params.yaml").read_text()
    text = text.replace("  zone: demo\n", "  zone: elsewhere\n").replace(
        "check: 10b0562505f2c903", "check: 0123456789abcdef"
    )
    (copied / "params.yaml").write_text(text)
    told = report(read(copied, 0))
    assert not told.macs_checked
    assert any(notice.startswith("MAC not checked") for notice in told.decision.notices)
    assert any(notice.startswith("Stale") for notice in told.decision.notices)


@pytest.mark.parametrize("stage", ["collected/receipt.json", "validated/report.json", "anonymized/report.json"])
def test_a_report_that_is_not_here_is_said_to_be_missing(copied: Path, stage: str) -> None:
    (copied / "data" / stage).unlink()
    told = report(read(copied, 0))
    assert any(notice.startswith(f"data/{stage} is not here") for notice in told.decision.notices)
    assert told.decision.decision == "refused"


def test_without_a_decision_it_stops(copied: Path) -> None:
    shutil.rmtree(copied / "data/released")
    with pytest.raises(CustodyError, match="missing") as stopped:
        read(copied, 0)
    assert stopped.value.status == 3


def test_reports_of_two_runs_are_told_apart(copied: Path, released: Path) -> None:
    shutil.copy(released / "data/validated/report.json", copied / "data/validated/report.json")
    told = report(read(copied, 0))
    assert any("stands on another data/validated/report.json" in notice for notice in told.decision.notices)


def test_a_project_outside_git_has_no_past(copied: Path) -> None:
    shutil.rmtree(copied / ".git")
    assert [point.commit for point in report(read(copied, 50)).history] == ["now"]
