"""Make the golden repository of a version: `python tests/history/golden_repository.py 0.2.0`, once, before its tag.

A project of 200 records, under a zone and a key of its own that protect nothing else, goes through the stages as they
were at a commit of this repository (HEAD; a second word names another). Kept is what rebuilding needs: the project's
history as a git bundle, DVC's cache as an archive, and the keyring. What is there is never made again.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:1] = [str(ROOT / "stages"), str(ROOT / "tests")]

from history import past  # noqa: E402
from pipeline.project import CODE, Project  # noqa: E402

GOLDEN = ROOT / "tests" / "history" / "golden"
KEYS = "from custody.governance import keys; print(keys.create('golden').check)"


def code(commit: str, target: Path) -> None:
    """Write the code of the stages as a commit of this repository has it."""
    listed = _git("ls-tree", "-r", "--name-only", "-z", commit, *CODE)
    packed = _git("archive", commit, *(os.fsdecode(name) for name in listed.split(b"\0") if name))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")


def make(project: Project) -> None:
    """Make a key, run the stages and commit the release."""
    project.git("init", "--quiet", "--initial-branch=main")
    check = project.must(sys.executable, "-B", "-c", KEYS, PYTHONPATH=str(project.root / "stages")).strip()
    (project.root / past.SOURCE).parent.mkdir(parents=True)
    (project.root / past.SOURCE).write_text(past.rows(200), encoding="utf-8")
    project.write_policy(past.policy({"zone": "golden", "check": check}))
    project.must("dvc", "repro", "--quiet", "gate")
    project.git("add", "--force", past.SOURCE)
    project.commit()
    assert project.json("data/released/statement.json")["decision"] == "released"


def main(version: str, commit: str = "HEAD") -> None:
    """Put the repository into its folder, which must not be there."""
    target = GOLDEN / version
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for variable in ("HOME", "DVC_SITE_CACHE_DIR", "XDG_STATE_HOME"):
            os.environ[variable] = str(place / variable.lower())
        os.environ["CUSTODY_KEYRING"] = str(target / "keyring.json")
        project = Project(place / "project")
        code(commit, project.root)
        make(project)
        project.git("bundle", "create", "--quiet", str(target / "repository.bundle"), "HEAD", "main")
        with tarfile.open(target / "cache.tar.xz", "w:xz") as archive:
            archive.add(project.root / ".dvc" / "cache" / "files", "files")


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True).stdout


if __name__ == "__main__":
    main(*sys.argv[1:])
