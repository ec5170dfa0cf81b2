"""A review as users type it, and what must not have changed by it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.project import Project


def review(project: Project, *words: str, status: int, **environment: str) -> dict[str, Any]:
    """Return the report of a review that ends with this status."""
    done = project.run("custody", "review", "--json", *words, **environment)
    assert (done.returncode, done.stderr) == (status, ""), done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def effect(project: Project, *words: str, status: int) -> dict[str, Any]:
    """Return the second layer of a review."""
    told: dict[str, Any] = review(project, *words, status=status)["report"]["effect"]
    assert told["computed"], told["why"]
    return told


def files(project: Project) -> dict[str, str]:
    """Return the SHA-256 of every file of a project, DVC's cache and git's objects too."""
    paths = [path for path in project.root.rglob("*") if path.is_file()]
    return {str(path.relative_to(project.root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def left_over() -> list[str]:
    """Return what reviews left in the user's cache, but for the lock that they share."""
    place = Path(os.environ["HOME"]) / ".cache" / "custody" / "rebuilds"
    return [path.name for path in place.iterdir() if path.name != "making"] if place.is_dir() else []
