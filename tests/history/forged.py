"""What a stranger may have put into DVC's cache under its right name, and into dvc.lock."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.project import Project


def put(project: Project, text: bytes, suffix: str = "") -> str:
    """Put a file where DVC's cache keeps it, and return its name there."""
    md5 = hashlib.md5(text, usedforsecurity=False).hexdigest()
    place = project.root / ".dvc" / "cache" / "files" / "md5" / md5[:2] / (md5[2:] + suffix)
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(text)
    return md5


def record(project: Project, md5: str, output: str = "data/released") -> None:
    """Commit another list of files as an output than the last."""
    lock = project.root / "dvc.lock"
    was = rf"(path: {output}\n +hash: md5\n +md5: )[0-9a-f]{{32}}"
    lock.write_text(re.sub(was, rf"\g<1>{md5}", lock.read_text()))
    project.commit()


def alter(project: Project, output: str, name: str, changed: dict[str, Any]) -> None:
    """Change keys of a JSON file of an output, and commit that it is recorded so."""
    cache = project.root / ".dvc" / "cache" / "files" / "md5"
    found, *_ = re.findall(
        rf"path: {output}\n +hash: md5\n +md5: ([0-9a-f]{{32}})", (project.root / "dvc.lock").read_text()
    )
    listed = {one["relpath"]: one["md5"] for one in json.loads(_at(cache, f"{found}.dir").read_bytes())}
    value = json.loads(_at(cache, listed[name]).read_bytes())
    listed[name] = put(project, json.dumps({**value, **changed}).encode())
    rows = [{"md5": md5, "relpath": path} for path, md5 in sorted(listed.items())]
    record(project, put(project, json.dumps(rows).encode(), ".dir"), output)


def _at(cache: Path, md5: str) -> Path:
    return cache / md5[:2] / md5[2:]
