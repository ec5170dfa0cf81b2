"""Two people, two clones, one zone: the secret goes through git, and is taken away again."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from governance.people import ROLES, Person
from pipeline.policies import policy, source
from pipeline.project import Project, create

if TYPE_CHECKING:
    import subprocess

PEOPLE = ("ada", "bob", "eve", "mallory")
ROWS = "time,user,event\n" + "".join(
    f"2026-10-{1 + day:02}T10:00:00Z,{name},login\n" for day in range(9) for name in PEOPLE
)
COLLECT = ("python", "stages/collect.py", "data/sources", "data/collected")


def _policy() -> dict[str, Any]:
    privacy = {
        "subject": "user",
        "columns": {
            "ts": {"role": "quasi", "technique": "round_time", "to": "1Y"},
            "user": {"role": "direct", "technique": "mac", "domain": "person"},
            "event": {"role": "label", "technique": "keep"},
        },
        "k": 2,
    }
    return policy(
        {"zone": "demo", "check": "0" * 16},
        {"door": source("data/sources/door.sealed", {"type": "csv"}, {"ts": "time", "user": "user", "event": "event"})},
        {"ts": "timestamp", "user": "user", "event": "category"},
        {"duplicates": "warn", "rules": {"user": {"complete": {"severity": "error", "min_pass": 1.0}}}},
        privacy,
        {},
    )


@dataclass
class Member:
    """Somebody with a clone, an identity, and no secret but what git brings."""

    person: Person
    project: Project
    keyring: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return self.project.run(*command, **self._environment())

    def must(self, *command: str) -> str:
        return self.project.must(*command, **self._environment())

    def _environment(self) -> dict[str, str]:
        return {
            "CUSTODY_IDENTITY": str(self.person.file),
            "CUSTODY_KEYRING": str(self.keyring),
            "DVC_SITE_CACHE_DIR": str(self.keyring.with_suffix(".site")),
        }

    def pull(self) -> None:
        self.project.git("pull", "--quiet", "--ff-only")


def _member(folder: Path, name: str, kind: str, project: Project) -> Member:
    return Member(Person(folder, name, kind=kind), project, folder / f"{name}.keyring.json")


def _trust(project: Project, *people: Person) -> None:
    path = project.root / ".custody" / "trust.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump({"roles": ROLES, "recipients": {one.name: one.entry() for one in people}}))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada's project, run and committed with the secret wrapped to both; and Bob's clone of it."""
    folder = tmp_path_factory.mktemp("team")
    ada = _member(folder, "ada", "age", create(folder / "ada"))
    bob = _member(folder, "bob", "ed25519", Project(folder / "bob"))
    ada.project.write_policy(_policy())
    (folder / "door.csv").write_text(ROWS)
    ada.must("custody", "keys", "init", "ops")
    ada.must("custody", "source", "add", str(folder / "door.csv"))
    _trust(ada.project, ada.person, bob.person)
    for name in ("ada", "bob"):
        ada.must("custody", "keys", "grant", name)
    ada.must("dvc", "repro")
    ada.project.commit()
    ada.keyring.unlink()  # from now on, Ada too has what git brings
    ada.project.git("clone", "--quiet", ".", str(bob.project.root))
    return folder


@pytest.fixture
def team(built: Path, tmp_path: Path) -> tuple[Member, Member]:
    """A copy of both, to change."""
    folder = tmp_path / "team"
    shutil.copytree(built, folder, symlinks=True)
    people = [Person.at(folder, name) for name in ("ada", "bob")]
    ada, bob = (Member(one, Project(folder / one.name), folder / f"{one.name}.keyring.json") for one in people)
    bob.project.git("remote", "set-url", "origin", str(ada.project.root))
    return ada, bob


def test_the_second_rebuilds_the_same_and_opens_nothing_new_once_revoked(team: tuple[Member, Member]) -> None:
    ada, bob = team
    bob.must("dvc", "repro", "--force", "--no-run-cache")
    assert bob.project.outputs() == ada.project.outputs(), "the same dvc.lock, and every byte of data"
    assert bob.project.git("status", "--short") == ""

    refused = ada.run("custody", "keys", "grant", "bob", "--compartment", "reidentify")
    assert refused.returncode == 1
    assert "bob: the role engineer may not open reidentify" in refused.stderr

    said = ada.must("custody", "keys", "revoke", "bob")
    assert "data/sources/door.sealed: sealed anew" in said
    assert "what bob has read stays read" in said
    ada.must("dvc", "repro")
    assert len(ada.project.load()) == ROWS.count("\n") - 1
    ada.project.commit()

    kept = bob.project.root.with_name("before")
    shutil.copytree(bob.project.root, kept, symlinks=True)
    bob.pull()
    stopped = bob.run(*COLLECT)
    assert stopped.returncode == 3
    assert stopped.stderr.count("\n") == 1
    assert "identity: opens nothing of zone ops, compartment pipeline" in stopped.stderr
    bob.must("git", "checkout", "--quiet", "HEAD~1", "--", ".custody")
    assert "has other secrets" in bob.run(*COLLECT).stderr, "the earlier secret, which he kept, opens nothing new"

    bob.project = Project(kept)
    bob.must(*COLLECT)  # the earlier revision opens as before: this nobody can undo
    ada.must("git", "checkout", "--quiet", "HEAD~1", "--", "params.yaml", "data/sources")
    ada.must(*COLLECT)


def test_sharing_leaves_the_pipeline_as_it_is_and_merges(team: tuple[Member, Member], tmp_path: Path) -> None:
    ada, bob = team
    names = ("carol", "dave")
    people = [Person(tmp_path, name) for name in names]
    _trust(ada.project, ada.person, bob.person, *people)
    ada.project.commit()
    bob.pull()
    ada.must("custody", "keys", "grant", "carol")
    ada.project.commit()
    bob.must("custody", "keys", "grant", "dave")
    bob.project.commit()
    bob.project.git("pull", "--quiet", "--no-rebase", "--no-edit")
    found = sorted(path.name for path in (bob.project.root / ".custody/keys/ops").iterdir())
    assert found == ["ada.json", "bob.json", "carol.json", "dave.json"]
    assert "up to date" in ada.must("dvc", "status"), "no stage depends on who may open what"


def test_files_that_git_could_not_merge_are_refused(team: tuple[Member, Member]) -> None:
    _, bob = team
    path = bob.project.root / ".custody/keys/ops/bob.json"
    path.write_text("<<<<<<< HEAD\n" + path.read_text() + "=======\n")
    stopped = bob.run(*COLLECT)
    assert (stopped.returncode, stopped.stderr.count("\n")) == (3, 1)
    assert ".custody/keys/ops/bob.json: is not the JSON that custody keys grant writes" in stopped.stderr


def test_an_identity_that_others_can_read_stops(team: tuple[Member, Member]) -> None:
    _, bob = team
    bob.person.file.chmod(0o644)
    stopped = bob.run(*COLLECT)
    assert (stopped.returncode, stopped.stderr.count("\n")) == (3, 1)
    assert "chmod 600 on the identity file" in stopped.stderr


def test_a_command_that_fails_stops_a_stage_with_one_line(team: tuple[Member, Member], tmp_path: Path) -> None:
    _, bob = team
    helper = tmp_path / "helper"
    helper.write_text("#!/bin/sh\necho secret=do-not-show-this\necho do-not-show-this >&2\nexit 3\n")
    helper.chmod(0o700)
    stopped = bob.project.run(*COLLECT, CUSTODY_KEY_COMMAND=str(helper))
    assert (stopped.returncode, stopped.stdout, stopped.stderr.count("\n")) == (3, "", 1)
    assert "CUSTODY_KEY_COMMAND: failed (status 3)" in stopped.stderr
    assert "do-not-show-this" not in stopped.stderr
