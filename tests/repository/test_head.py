"""What changed since the last commit, read from real repositories; it never fails."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from custody.repository import head
from custody.repository.head import ABSENT, Key, Since

if TYPE_CHECKING:
    from pathlib import Path

PARAMS = {"gate": {"min_rows": 1, "licenses": ["MIT"]}, "dataset": {"name": "a"}}
SOURCES = ["data/sources/a.csv", "data/more/*.log"]


def _git(root: Path, *words: str) -> None:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


def _write(root: Path, params: dict[str, Any], **digests: str) -> None:
    """Write params.yaml and a dvc.lock that was made from them; digests by path, `/` as `__`."""
    digests = {"data__sources": "1", "stages__gate": "1", "data__collected": "1", **digests}
    deps = [{"path": path.replace("__", "/"), "md5": md5} for path, md5 in digests.items() if path != "data__collected"]
    collected = {"path": "data/collected", "md5": digests["data__collected"]}
    receipt = {"path": "data/collected/receipt.json", "md5": digests["data__collected"]}
    stages = {
        "collect": {"deps": deps, "outs": [collected]},
        "gate": {"deps": [collected, receipt], "params": {"params.yaml": params}},
    }
    root.mkdir(exist_ok=True)
    (root / "params.yaml").write_text(yaml.safe_dump(params))
    (root / "dvc.lock").write_text(json.dumps({"schema": "2.0", "stages": stages}))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A committed project in a folder of a repository, as some adopt it."""
    _git(tmp_path, "init", "-q")
    _write(tmp_path / "project", PARAMS)
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path / "project"


def test_nothing_changed(project: Path) -> None:
    assert head.since_commit(project, SOURCES) == Since()


def test_each_key_is_told_with_both_values(project: Path) -> None:
    _write(project, {"gate": {"licenses": ["MIT", "0BSD"], "max": 0.5}, "dataset": {"name": "a"}})
    assert head.since_commit(project, SOURCES).keys == (
        Key("gate.licenses", ["MIT"], ["MIT", "0BSD"]),
        Key("gate.max", ABSENT, 0.5),
        Key("gate.min_rows", 1, ABSENT),
    )


def test_a_change_of_params_is_seen_before_the_lock_follows(project: Path) -> None:
    (project / "params.yaml").write_text(yaml.safe_dump({**PARAMS, "dataset": {"name": "b"}}))
    assert head.since_commit(project, SOURCES).keys == (Key("dataset.name", "a", "b"),)
    _git(project, "commit", "-qam", "params alone")
    assert head.since_commit(project, SOURCES).keys == (Key("dataset.name", "a", "b"),)
    _write(project, {**PARAMS, "dataset": {"name": "b"}})
    _git(project, "commit", "-qam", "and the run")
    assert head.since_commit(project, SOURCES) == Since()


def test_sources_code_and_what_follows_are_told_apart(project: Path) -> None:
    _write(project, PARAMS, data__sources="2", data__collected="2")
    assert head.since_commit(project, SOURCES) == Since(sources=("data/sources",))
    _write(project, PARAMS, stages__gate="2", data__collected="2")
    assert head.since_commit(project, SOURCES) == Since(others=("stages/gate",))


def test_a_source_that_is_new_or_found_by_a_glob_counts(project: Path) -> None:
    _write(project, PARAMS, **{"data__more__x.log": "1", "data__sources__a.csv": "1"})
    assert head.since_commit(project, SOURCES).sources == ("data/more/x.log", "data/sources/a.csv")


def test_true_is_not_one(project: Path) -> None:
    _write(project, {**PARAMS, "dataset": {"name": "a", "on": 1}})
    _git(project, "commit", "-qam", "one")
    _write(project, {**PARAMS, "dataset": {"name": "a", "on": True}})
    assert head.since_commit(project, SOURCES).keys == (Key(name="dataset.on", old=1, new=True),)


def test_outside_a_repository_nothing_is_compared(tmp_path: Path) -> None:
    _write(tmp_path / "alone", PARAMS)
    assert head.since_commit(tmp_path / "alone", SOURCES).unknown == "there is no commit with a dvc.lock yet"


def test_before_the_first_commit_nothing_is_compared(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    _write(tmp_path, PARAMS)
    assert head.since_commit(tmp_path, SOURCES).unknown == "there is no commit with a dvc.lock yet"


@pytest.mark.parametrize(
    "text", ["[", "schema: '2.0'\n", "stages: {gate: {}}\n", "stages: {gate: {params: {params.yaml: 5}}}\n"]
)
def test_a_lock_without_a_decision_is_said_so(project: Path, text: str) -> None:
    (project / "dvc.lock").write_text(text)
    _git(project, "commit", "-qam", "broken")
    _write(project, PARAMS)
    assert head.since_commit(project, SOURCES).unknown == "the last commit's dvc.lock records no decision of the gate"


def test_files_at_hand_that_cannot_be_read_are_said_so(project: Path) -> None:
    (project / "params.yaml").write_text("a: &x 1\n")
    assert head.since_commit(project, SOURCES).unknown == "params.yaml or dvc.lock cannot be read"
    _write(project, PARAMS)
    (project / "dvc.lock").write_text("[")
    assert head.since_commit(project, SOURCES).unknown == "dvc.lock cannot be read"
    (project / "dvc.lock").unlink()
    assert head.since_commit(project, SOURCES).unknown == "params.yaml or dvc.lock cannot be read"


def test_a_lost_object_of_the_last_commit_is_said_so(project: Path) -> None:
    command = ["git", "rev-parse", "HEAD:./dvc.lock"]
    lost = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True).stdout.strip()
    (project.parent / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    said = head.since_commit(project, SOURCES).unknown
    assert said == "git cannot read the last commit's dvc.lock; see: git fsck"


def test_without_git_nothing_is_compared(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert head.since_commit(project, SOURCES).unknown == "git does not answer"


def test_a_git_environment_of_another_repository_is_not_followed(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert head.since_commit(project, SOURCES) == Since()


def test_values_are_shown_in_a_few_words() -> None:
    assert head.shown(0.5) == "0.5"
    assert head.shown(ABSENT) == "(none)"
    assert head.shown({"role": "quasi"}) == '{"role": "quasi"}'
    assert len(head.shown(["x" * 100])) == 60
