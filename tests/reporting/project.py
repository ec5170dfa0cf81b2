"""A project with a past: the demo released, then refused after its policy was narrowed, both committed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

STAGES = (
    ("collect.py", "data/sources", "data/collected"),
    ("validate.py", "data/collected", "data/validated"),
    ("anonymize.py", "data/collected", "data/validated", "data/anonymized"),
    ("gate.py", "decide", "data/anonymized", "data/released"),
)
IGNORED = "/data/collected\n/data/validated\n/data/anonymized\n/data/released\n"


def run(root: Path, stages: tuple[tuple[str, ...], ...] = STAGES) -> None:
    """Run stages as DVC would."""
    for script, *arguments in stages:
        command = [sys.executable, str(ROOT / "stages" / script), *arguments]
        done = subprocess.run(
            command,
            cwd=root,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def git(root: Path, *words: str, day: str = "2026-11-02") -> None:
    """Run git with an identity and a clock of the test's own."""
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    clock = {"GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "GIT_AUTHOR_DATE": f"{day}T12:00:00Z"}
    subprocess.run(["git", *identity, *words], cwd=root, env={**os.environ, **clock}, check=True, capture_output=True)


def commit(root: Path, day: str) -> None:
    """Commit everything that is not ignored."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "state", day=day)


def narrow(root: Path) -> None:
    """Break the policy on purpose, as the README does."""
    path = root / "params.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("        min: 0\n        max: 1\n")
    path.write_text(text[:start] + text[start:].replace("max: 1\n", "max: 0.5\n", 1), encoding="utf-8")


def build(root: Path) -> Path:
    """Return the project: released on the 2nd, refused on the 3rd of November 2026."""
    shutil.copytree(ROOT / "data/sources", root / "data/sources")
    shutil.copy(ROOT / "params.yaml", root)
    if (ROOT / "data/anchor").is_dir():
        shutil.copytree(ROOT / "data/anchor", root / "data/anchor")
    (root / ".gitignore").write_text(IGNORED)
    git(root, "init", "--quiet", "--initial-branch=main")
    run(root)
    commit(root, "2026-11-02")
    shutil.copytree(root, released(root))
    narrow(root)
    run(root, STAGES[1:])
    commit(root, "2026-11-03")
    return root


def released(root: Path) -> Path:
    """Return the same project as it was before its policy was narrowed."""
    return root.with_name(f"{root.name}-released")
