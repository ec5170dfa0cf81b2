"""The workflow files: valid for their forges, sound by zizmor and ShellCheck, and what each of them promises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import ROOT
from workflows.forge import GITHUB, GITLAB, script, steps

TOOLS = Path(sys.executable).parent
HOOK = ROOT / ".githooks" / "pre-commit"


def _said(*command: str | Path, given: str | None = None) -> tuple[int, str]:
    done = subprocess.run([*map(str, command)], input=given, text=True, capture_output=True, check=False)
    return done.returncode, done.stdout + done.stderr


def _github(path: Path) -> tuple[int, str]:
    return _said(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", path)


def _gitlab(path: Path) -> tuple[int, str]:
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    return _said(TOOLS / "check-jsonschema", *schema, path)


def _zizmor(path: Path) -> tuple[int, str]:
    return _said(TOOLS / "zizmor", "--offline", "--no-progress", "--persona", "regular", path)


def _shellcheck(text: str) -> tuple[int, str]:
    """Look at a script as a runner runs it; SC2016: git expands the variable, so that no file holds its value."""
    words = ("--shell=bash", "--severity=info", "--exclude=SC2016", "-")
    return _said(TOOLS / "shellcheck", *words, given=f"set -eo pipefail\n{text}")


def _changed(tmp_path: Path, source: Path, old: str, new: str) -> Path:
    text = source.read_text(encoding="utf-8")
    assert old in text
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / source.name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder / source.name


def test_both_files_hold_under_the_schema_of_their_forge(tmp_path: Path) -> None:
    assert _github(GITHUB)[0] == 0, _github(GITHUB)[1]
    assert _gitlab(GITLAB)[0] == 0, _gitlab(GITLAB)[1]
    assert _github(_changed(tmp_path, GITHUB, "runs-on:", "runs_on:"))[0] == 1
    assert _gitlab(_changed(tmp_path, GITLAB, "script:", "scripts:"))[0] == 1


def test_zizmor_finds_nothing_and_would(tmp_path: Path) -> None:
    status, said = _zizmor(GITHUB)
    assert (status, "No findings" in said) == (0, True), said
    for old, new in (
        ("  pull_request:\n", "  pull_request_target:\n"),
        ("run: exit", "run: echo ${{ github.event.pull_request.title }}; exit"),
        ("      - name: Answer\n", "      - uses: actions/checkout@v4\n      - name: Answer\n"),
    ):
        assert _zizmor(_changed(tmp_path, GITHUB, old, new))[0] != 0, new


@pytest.mark.parametrize("name", [*steps(), "gitlab", "hook"])
def test_shellcheck_finds_nothing_in_a_step(name: str) -> None:
    text = script() if name == "gitlab" else HOOK.read_text() if name == "hook" else str(steps()[name]["run"])
    status, said = _shellcheck(text)
    assert status == 0, said


def test_shellcheck_would_find_what_is_not_quoted() -> None:
    assert _shellcheck(str(steps()["Answer"]["run"]).replace('"', ""))[0] == 1


def _jobs() -> list[dict[str, Any]]:
    return [*yaml.safe_load(GITHUB.read_text(encoding="utf-8"))["jobs"].values()]


def test_no_action_of_anybody_runs_and_no_expression_stands_in_a_script() -> None:
    for job in _jobs():
        for step in job["steps"]:
            assert "uses" not in step, "an action must be pinned to a commit that somebody has looked at"
            assert "${{" not in step["run"]
    assert "${{" not in script()


def test_the_workflow_asks_for_no_more_than_it_needs() -> None:
    whole: dict[Any, Any] = yaml.safe_load(GITHUB.read_text(encoding="utf-8"))
    assert [*whole[True]] == ["pull_request"], "YAML 1.1 reads `on` as true"
    assert whole["permissions"] == {}
    assert [job["permissions"] for job in _jobs()] == [{"contents": "read", "pull-requests": "write"}]


def test_what_is_for_another_branch_than_main_is_not_run_and_moving_it_to_main_is() -> None:
    asked = yaml.safe_load(GITHUB.read_text(encoding="utf-8"))[True]["pull_request"]
    assert (asked["branches"], "edited" in asked["types"]) == (["main"], True)
    [rule] = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["review"]["rules"]
    assert rule["if"].split(" && ")[1:] == ["$CI_MERGE_REQUEST_TARGET_BRANCH_NAME == $CI_DEFAULT_BRANCH"]


def test_a_secret_is_seen_by_the_review_alone() -> None:
    assert [name for name, step in steps().items() if "secrets." in str(step)] == ["Review"]
    [job] = _jobs()
    assert "custody-review" in job["environment"], "with reviewers of its own"
    assert "secrets." not in str({key: value for key, value in job.items() if key != "steps"})


def test_what_runs_is_base_s_code_with_base_s_libraries() -> None:
    for text in ("\n".join(str(step["run"]) for step in steps().values()), script()):
        assert re.search(r"git checkout --quiet --detach \"refs/remotes/origin/\$", text)
        assert len(re.findall(r"git (?:checkout|switch|merge|restore|worktree|pull)\b", text)) == 1
        assert (
            len(re.findall(r"pip install [^;]*--require-hashes -r \S*requirements\.lock", text.replace("\\\n", "")))
            == 1
        )
        assert re.search(r"custody\.cli review \S+ \S+ --proposal ", text.replace("$(git rev-parse HEAD)", "BASE "))


@pytest.mark.parametrize("folder", [".github", ".gitlab"])
def test_code_owners_guard_policy_keys_and_the_guards_themselves(folder: str) -> None:
    rows = [line.split() for line in (ROOT / folder / "CODEOWNERS").read_text().splitlines()]
    owned = {row[0]: row[1:] for row in rows if row and not row[0].startswith("#")}
    wanted = {"/params.yaml", "/.custody/", "/data/signatures/approvals/", "/.github/", "/.gitlab/", "/.githooks/"}
    assert wanted <= owned.keys()
    assert all(names and all(name.startswith("@") for name in names) for names in owned.values())
    assert all(
        (ROOT / path.strip("/")).exists() for path in owned.keys() - {"/.custody/", "/data/signatures/approvals/"}
    )
