"""A refusal turns red and says why, and what changed, in a real repository."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from custody.engine import serial
from custody.errors import RefusedError
from custody.release import deciding, enforcing
from release import example
from support import ZONE

if TYPE_CHECKING:
    from pathlib import Path

LOOSE: dict[str, Any] = {}
TIGHT: dict[str, Any] = {"gate": {"min_rows": 61}}


def _git(root: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words],
        cwd=root,
        check=True,
        capture_output=True,
    )


def _run(root: Path, sections: dict[str, Any], source: str = "0" * 32) -> Any:
    """Do what `dvc repro` leaves behind: params.yaml, dvc.lock and the decision under them."""
    policy = example.policy(**sections)
    values = policy.model_dump(mode="json", by_alias=True, exclude_unset=True)
    (root / "params.yaml").write_text(yaml.safe_dump(values))
    dependency = {"path": "data/sources", "hash": "md5", "md5": source}
    lock = {"collect": {"deps": [dependency]}, "gate": {"params": {"params.yaml": values}}}
    (root / "dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": lock}))
    deciding.record(root / "data" / "anonymized", root / "data" / "released", policy, ZONE, serial.run, example.CODE)
    return policy


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose released state is committed."""
    example.build(tmp_path / "data")
    _run(tmp_path, LOOSE)
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "params.yaml", "dvc.lock")
    _git(tmp_path, "commit", "-q", "-m", "released")
    return tmp_path


def _refusal(project: Path, policy: Any) -> list[str]:
    with pytest.raises(RefusedError) as no:
        enforcing.enforce(project / "data" / "released", policy, project)
    assert no.value.status == 1
    return str(no.value).split("\n")


def test_a_release_is_one_line(project: Path) -> None:
    assert enforcing.enforce(project / "data" / "released", _run(project, LOOSE), project) == (
        "released 60 rows in 2 files"
    )


def test_a_refusal_names_conditions_and_the_policy_change(project: Path) -> None:
    assert _refusal(project, _run(project, TIGHT)) == [
        "refused: 1 condition broken",
        "  rows: 60 rows in the candidate, at least 61 must",
        "since the last commit:",
        "  params.yaml: gate.min_rows: 1 → 61",
        "  sources unchanged",
        enforcing.MORE,
    ]


def test_a_change_of_sources_is_told_apart(project: Path) -> None:
    _run(project, TIGHT)
    _git(project, "commit", "-qam", "tight")
    assert _refusal(project, _run(project, TIGHT, "1" * 32))[2:] == [
        "since the last commit:",
        "  policy unchanged",
        "  sources changed: data/sources",
        enforcing.MORE,
    ]


def test_a_change_committed_before_the_run_is_still_told(project: Path) -> None:
    policy = _run(project, TIGHT)
    _git(project, "commit", "-q", "-m", "tight policy", "params.yaml")
    assert "  params.yaml: gate.min_rows: 1 → 61" in _refusal(project, policy)


def test_a_committed_refusal_stays_red(project: Path) -> None:
    policy = _run(project, TIGHT)
    _git(project, "commit", "-qam", "refused")
    assert _refusal(project, policy)[-2].startswith("since the last commit: nothing changed")


def test_without_a_commit_the_refusal_stands_alone(tmp_path: Path) -> None:
    example.build(tmp_path / "data")
    assert _refusal(tmp_path, _run(tmp_path, TIGHT))[-2] == (
        "since the last commit: not compared, there is no commit with a dvc.lock yet"
    )


def test_a_decision_under_another_policy_is_stale(project: Path) -> None:
    assert _refusal(project, example.policy(**TIGHT)) == [
        "released: was decided under another policy than params.yaml; run: dvc repro gate"
    ]


@pytest.mark.parametrize("change", ["missing", "extra", "altered"])
def test_files_that_are_not_the_statements_are_no_yes(project: Path, change: str) -> None:
    policy = _run(project, LOOSE)
    first = min((project / "data" / "released").glob("*.parquet"))
    if change == "missing":
        first.unlink()
    elif change == "extra":
        (first.parent / "more.parquet").write_bytes(b"x")
    else:
        first.write_bytes(first.read_bytes()[:-1] + b"\0")
    with pytest.raises(RefusedError, match=r"missing|belong|altered"):
        enforcing.enforce(first.parent, policy, project)


def test_a_folder_without_a_statement_is_no_yes(project: Path) -> None:
    (project / "data" / "released" / "statement.json").unlink()
    (line,) = _refusal(project, example.policy())
    assert "statement.json: is missing" in line
