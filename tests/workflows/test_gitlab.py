"""The script of .gitlab/review.yml, run on this machine: real git, real reviews, a forge that is made up."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from history.review.proposing import edited
from workflows.forge import Forge, run, script


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    """A proposal that changes code too, of which only the meaning is told."""
    made = Forge(tmp_path)
    (made.root / "project.git").symlink_to(made.project.root)
    edited(made.project.root / "dvc.yaml", "stages:\n", "stages: # a word\n")
    made.push()
    return made


def _job(forge: Forge, **more: str) -> subprocess.CompletedProcess[str]:
    given = {
        "CI_MERGE_REQUEST_PROJECT_URL": f"file://{forge.root}/project",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "3",
        "CI_API_V4_URL": "https://gitlab.example/api/v4",
        "CI_COMMIT_SHA": forge.commit("proposal"),
        "CI_JOB_TOKEN": "job-token",
        "CI_PIPELINE_IID": "12",
        "CI_JOB_ID": "5000",
        "CUSTODY_REVIEW_TOKEN": "secret-token",
        "PYTHONPATH": "stages",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return run(script(), forge.temp, forge.environment(**{**given, **more}))


def test_one_note_is_written_kept_and_replaced_by_newer_runs_alone(forge: Forge) -> None:
    done = _job(forge)
    assert done.returncode == 1, done.stdout + done.stderr
    [first] = forge.comments
    assert first["body"].startswith(
        f"<!-- custody-review run=12.5000 head={forge.commit('proposal')} -->\n## Policy review"
    )
    assert (forge.temp / "report.md").read_text(encoding="utf-8") in first["body"]
    assert "the proposal changes code" in done.stdout
    assert _job(forge, CI_PIPELINE_IID="11", CI_JOB_ID="6000").returncode == 1
    assert forge.comments == [first], "an older pipeline, tried again"
    forge.approve()
    assert _job(forge, CI_PIPELINE_IID="13").returncode == 0
    [updated] = forge.comments
    assert (updated["id"], "signed off by ada" in updated["body"]) == (first["id"], True)
    asked = "\n".join(forge.calls)
    assert asked.count("--require-hashes -r requirements.lock") == 3
    assert "secret-token" not in asked, "what stands on a command line is seen by others"
    assert (asked.count("--request POST"), asked.count("--request PUT")) == (1, 1)


def test_a_fork_and_a_project_without_a_token_write_no_note(forge: Forge) -> None:
    done = _job(forge, CI_MERGE_REQUEST_SOURCE_PROJECT_ID="4", CUSTODY_REVIEW_TOKEN="")
    assert done.returncode == 1
    assert "the proposal comes from a fork, so no key was used" in done.stdout
    assert _job(forge, CUSTODY_REVIEW_TOKEN="").returncode == 1
    assert forge.comments == []
    assert not [call for call in forge.calls if call.startswith("curl")]
