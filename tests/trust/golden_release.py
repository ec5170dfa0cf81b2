"""Make the golden release of a version: `python tests/trust/golden_release.py 0.1.0`, once, before it is tagged.

The demo's sources, 1,500 records of them, go through the real stages under a zone and a key of their own, both thrown
away; what is kept is what a consumer has: the release, its signatures, the audit log, and the keys to believe.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:1] = [str(ROOT / "stages"), str(ROOT / "tests")]

from pipeline.project import Project, demo  # noqa: E402
from trust.signing_keys import Signer, trust  # noqa: E402

GOLDEN = ROOT / "tests" / "trust" / "golden"


def digest(folder: Path) -> str:
    """SHA-256 over the names and digests of all files in a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told = [
        f"{path.relative_to(folder).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in files
    ]
    return hashlib.sha256("".join(told).encode()).hexdigest()


def make(project: Project, place: Path) -> None:
    """Run, sign and publish in a project of its own."""
    policy = project.policy()
    policy["gate"]["min_rows"] = 100
    policy["privacy"] |= {"retention_days": 36500, "max_suppressed": 0.1}
    for risk in ("unicity", "linkability", "inference"):
        policy["privacy"][risk]["max"] = 1.0  # so few people are found easily, and are made up
    project.write_policy(policy)
    project.must("custody", "source", "synth", str(place / "raw"), "--records", "1500", "--seed", "7")
    for path in (project.root / "data" / "sources").iterdir():
        shutil.copy(place / "raw" / path.name, path)
    project.must("custody", "keys", "init", "golden")
    project.commit()
    project.must("dvc", "repro")
    ada = Signer(place, "ada")
    (place / "trusted.yaml").write_bytes(trust(ada=ada.entry()))
    project.must("custody", "release", "sign", "--key", str(ada.path), "--trusted", str(place / "trusted.yaml"))


def main(version: str) -> None:
    """Put the release into its folder, which must not be there."""
    target = GOLDEN / version
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        os.environ.update(
            HOME=name, CUSTODY_KEYRING=str(place / "keyring.json"), DVC_SITE_CACHE_DIR=str(place / "site")
        )
        project = demo(place / "project")
        make(project, place)
        for folder in ("released", "signatures", "audit"):
            shutil.copytree(project.root / "data" / folder, target / folder)
        shutil.copy(place / "trusted.yaml", target)


if __name__ == "__main__":
    main(sys.argv[1])
