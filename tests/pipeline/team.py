"""A team of a test's own: two people, two clones of one project, one zone."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from governance.people import ROLES, Person
from pipeline.policies import policy, source
from pipeline.project import Project, create

if TYPE_CHECKING:
    import subprocess

PEOPLE = ("annelise", "bertram", "clothilde", "desiderius")
ROWS = "time,user,event\n" + "".join(
    f"2026-10-{1 + day:02}T10:00:00Z,{name},login\n" for day in range(9) for name in PEOPLE
)
BAD = "2026-10-09T11:00:00Z,,login\n"
"""A record without a user: it is quarantined."""
COLLECT: Final = ("python", "stages/collect.py", "data/sources", "data/collected")


def policy_of_doors() -> dict[str, Any]:
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
        {"duplicates": "warn", "rules": {"user": {"complete": {"severity": "error", "min_pass": 0.9}}}},
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


def member(folder: Path, name: str, kind: str, project: Project) -> Member:
    return Member(Person(folder, name, kind=kind), project, folder / f"{name}.keyring.json")


def trust(project: Project, *people: Person) -> None:
    path = project.root / ".custody" / "trust.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump({"roles": ROLES, "recipients": {one.name: one.entry() for one in people}}))


def build(folder: Path) -> None:
    """Ada's project, run and committed with the secret wrapped to both; and Bob's clone of it."""
    ada = member(folder, "ada", "age", create(folder / "ada"))
    bob = member(folder, "bob", "ed25519", Project(folder / "bob"))
    ada.project.write_policy(policy_of_doors())
    (folder / "door.csv").write_text(ROWS + BAD)
    ada.must("custody", "keys", "init", "ops")
    ada.must("custody", "source", "add", str(folder / "door.csv"))
    trust(ada.project, ada.person, bob.person)
    for name in ("ada", "bob"):
        ada.must("custody", "keys", "grant", name)
    ada.must("dvc", "repro")
    ada.project.commit()
    ada.keyring.unlink()  # from now on, Ada too has what git brings
    ada.project.git("clone", "--quiet", ".", str(bob.project.root))


def copied(built: Path, folder: Path) -> tuple[Member, Member]:
    """A copy of both, to change."""
    shutil.copytree(built, folder, symlinks=True)
    people = [Person.at(folder, name) for name in ("ada", "bob")]
    ada, bob = (Member(one, Project(folder / one.name), folder / f"{one.name}.keyring.json") for one in people)
    for one in (ada, bob):
        shutil.rmtree(one.project.state / "custody" / "audit", ignore_errors=True)  # of the clone that was copied
    bob.project.git("remote", "set-url", "origin", str(ada.project.root))
    return ada, bob
