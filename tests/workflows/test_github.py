"""The steps of .github/workflows/review.yml, run on this machine: real git, real reviews, a forge that is made up."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from history.review.proposing import edited
from workflows.forge import Forge, run, steps

STEPS = steps()


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path)


class Job:
    """One run of the workflow, step by step."""

    def __init__(self, forge: Forge, come_from: str = "branch") -> None:
        self.forge = forge
        self.summary, self.output = forge.root / "summary.md", forge.root / "output"
        self.given = {
            "NUMBER": "7",
            "HEAD_SHA": forge.commit("proposal"),
            "FROM": come_from,
            "BASE_REF": "main",
            "GH_TOKEN": "token",
            "RUNNER_TEMP": str(forge.temp),
            "GITHUB_SERVER_URL": f"file://{forge.root}",
            "GITHUB_REPOSITORY": "project",
            "GITHUB_RUN_NUMBER": "12",
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_OUTPUT": str(self.output),
        }

    def step(self, name: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a step with what the workflow gives it; expressions are what the job was given."""
        own = {key: value for key, value in STEPS[name].get("env", {}).items() if "${{" not in value}
        done = run(STEPS[name]["run"], self.forge.root, self.forge.environment(**{**own, **self.given, **more}))
        assert name == "Answer" or done.returncode == 0, done.stdout + done.stderr
        return done

    def reviewed(self) -> tuple[int, str]:
        """Run all steps but the comment; return the job's status and the summary."""
        for name in ("Check out BASE", "Install the locked environment of BASE", "Review"):
            self.step(name)
        status = self.output.read_text(encoding="utf-8").strip().removeprefix("status=")
        assert str(self.step("Answer", STATUS=status).returncode) == status
        return int(status), self.summary.read_text(encoding="utf-8")


def test_a_change_of_policy_is_run_by_base_and_told_in_one_comment_that_no_older_run_replaces(forge: Forge) -> None:
    job = Job(forge)
    status, summary = job.reviewed()
    assert (status, summary.startswith("## Policy review: released → released, needs sign-off")) == (1, True), summary
    job.step("Comment")
    [first] = forge.comments
    tag, _, text = first["body"].partition("\n")
    assert (tag, text) == (f"<!-- custody-review run=12.1 head={job.given['HEAD_SHA']} -->", summary)
    assert text.count("<details>") == text.count("</details>") > 1
    assert text.rstrip().endswith("git push\n```")
    job.step("Comment", GITHUB_RUN_NUMBER="13")
    [updated] = forge.comments
    assert (updated["id"], "run=13.1" in updated["body"]) == (first["id"], True)
    job.step("Comment", GITHUB_RUN_NUMBER="12", GITHUB_RUN_ATTEMPT="2")
    assert forge.comments == [updated], "an older run"
    verbs = [call.split(" --input")[0] for call in forge.calls if "--method" in call]
    assert verbs == [
        "gh api --silent --method POST repos/project/issues/7/comments",
        f"gh api --silent --method PATCH repos/project/issues/comments/{first['id']}",
    ]
    [pip] = [call for call in forge.calls if call.startswith("pip")]
    assert "--no-deps --require-hashes -r " in pip
    assert pip.endswith("/base/requirements.lock")


def test_of_a_fork_only_the_meaning_is_told_in_the_summary(forge: Forge) -> None:
    status, summary = Job(forge, "fork").reviewed()
    assert status == 1
    assert "the proposal comes from a fork, so no key was used" in summary
    assert forge.comments == []
    assert STEPS["Comment"]["if"] == "github.event.pull_request.head.repo.full_name == github.repository"


def test_code_of_the_proposal_never_runs_and_a_sign_off_of_the_meaning_holds(forge: Forge, tmp_path: Path) -> None:
    package = forge.project.root / "stages" / "custody" / "__init__.py"
    package.write_text(
        f"open({str(tmp_path / 'ran')!r}, 'w')\n" + package.read_text(encoding="utf-8"), encoding="utf-8"
    )
    (forge.project.root / "requirements.lock").write_text("evil==1\n", encoding="utf-8")
    forge.push()
    status, summary = Job(forge).reviewed()
    assert status == 1
    assert "the proposal changes code, so nothing of it was run and no key was used" in summary
    assert not (tmp_path / "ran").exists()
    forge.project.git("checkout", "--quiet", "main", "--", "stages")
    forge.push()
    forge.approve()
    edited(forge.project.root / "dvc.yaml", "stages:\n", "stages: # a word\n")
    forge.push()
    again = Forge.__new__(Forge)
    again.__dict__ |= {**forge.__dict__, "temp": forge.root / "again"}
    again.temp.mkdir()
    (forge.root / "output").unlink()
    (forge.root / "summary.md").unlink()
    status, summary = Job(again).reviewed()
    assert (status, "signed off by ada" in summary) == (0, True), summary


def test_a_policy_that_does_not_hold_is_told_with_status_3(forge: Forge) -> None:
    forge.edit("  k: 3\n", "  k: 1\n")
    job = Job(forge)
    status, summary = job.reviewed()
    assert (status, summary.startswith("## Policy review: could not be judged\n\n    custody: HEAD: ")) == (3, True)
    job.step("Comment")
    assert "could not be judged" in forge.comments[0]["body"]
