"""A real DVC project in a folder of its own: the shipped stages, a policy and sources of the test's choice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import custody
from custody.governance import keys
from support import ROOT

if TYPE_CHECKING:
    import pyarrow as pa

CODE = [
    "stages",
    "dvc.yaml",
    "requirements.lock",
    ".dvcignore",
    ".gitignore",
    ".dvc/config",
    ".dvc/.gitignore",
    "data/.gitignore",
    "data/anchor",
]


class _Plain(yaml.SafeDumper):
    """Writes equal values out instead of pointing at the first."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


@dataclass
class Project:
    """Where it is; everything is done through the commands that a user types."""

    root: Path

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project, with this interpreter's `python`, `dvc` and `custody` first on PATH."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        state = {"XDG_STATE_HOME": str(self.state)}
        compiled = {
            "PYTHONDONTWRITEBYTECODE": "" if command[0] == "dvc" else "1"
        }  # a stage is code of the project's own
        env = {**os.environ, "PATH": path, **compiled, **state, **environment}
        return subprocess.run(
            command, cwd=self.root, env=env, text=True, capture_output=True, stdin=subprocess.DEVNULL, check=False
        )

    @property
    def state(self) -> Path:
        """The state folder of whoever works here: it knows which releases were made here."""
        return self.root.parent / f"{self.root.name}.state"

    def load(self) -> pa.Table:
        """Load the release, as whoever works here."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_STATE_HOME", str(self.state))
            return custody.load(self.root / "data" / "released", arrow=True)

    def must(self, *command: str, **environment: str) -> str:
        """Run a command that must succeed; return all that it printed."""
        done = self.run(*command, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def git(self, *arguments: str) -> str:
        """Run git with an identity of the test's own."""
        return self.must("git", "-c", "user.name=test", "-c", "user.email=test@example.com", *arguments)

    def commit(self) -> None:
        """Commit everything that is not ignored."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "state")

    def repro(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the pipeline."""
        return self.run("dvc", "repro", *arguments, **environment)

    def json(self, path: str) -> dict[str, Any]:
        """Read one of the project's JSON files."""
        value: dict[str, Any] = json.loads((self.root / path).read_text(encoding="utf-8"))
        return value

    def policy(self) -> dict[str, Any]:
        """The policy as plain values."""
        value: dict[str, Any] = yaml.safe_load((self.root / "params.yaml").read_text(encoding="utf-8"))
        return value

    def write_policy(self, values: dict[str, Any]) -> None:
        """Replace the policy."""
        text = yaml.dump(values, Dumper=_Plain, sort_keys=False, allow_unicode=True)
        (self.root / "params.yaml").write_text(text, encoding="utf-8")

    def outputs(self) -> dict[str, bytes]:
        """Every file below data/ but the sources, and the lock file."""
        files = [path for path in sorted((self.root / "data").rglob("*")) if path.is_file()]
        found = {str(path.relative_to(self.root)): path.read_bytes() for path in files if "sources" not in path.parts}
        lock = self.root / "dvc.lock"
        return found | ({"dvc.lock": lock.read_bytes()} if lock.exists() else {})


def create(root: Path) -> Project:
    """Return a project with the shipped stages and no data."""
    root.mkdir(parents=True)
    for name in CODE:
        source, target = ROOT / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    project = Project(root)
    (root / "data" / "sources").mkdir(parents=True, exist_ok=True)
    project.git("init", "--quiet", "--initial-branch=main")
    return project


def demo(root: Path) -> Project:
    """Return a copy of the whole repository as it stands, committed, with no output and no cache."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.split(b"\0")
    for name in sorted({os.fsdecode(name) for name in names if name}):
        if (ROOT / name).is_file():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
    project = Project(root)
    project.git("init", "--quiet", "--initial-branch=main")
    project.commit()
    return project


def zone(name: str = "test") -> dict[str, str]:
    """Make a zone in the test's own keyring; the policy's `keys` section for it."""
    made = keys.create(name)
    return {"zone": made.name, "check": made.check}
