"""A repository with a past: four releases over three policies and two source versions, made by real runs."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from pipeline import policies
from pipeline.project import Project, create, zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = "data/sources/edge.csv"
K = 3
TAGS = ("v1", "v2", "v3", "v4")


def rows(number: int) -> str:
    """Records of nine users in three teams: risk is 2 for the first 10, 0.7 for the next 20, 0.2 for the others."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(["login", "risk", "n", "team", "label"])
    for i in range(number):
        risk = "2" if i < 10 else "0.7" if i < 30 else "0.2"
        write([f"user-{i % 9}", risk, i, f"team-{i % 3}", "secret-class" if i % 20 == 1 else "benign"])
    return out.getvalue()


def policy(keys: dict[str, str], *, most: float = 1, score: float = 0.5) -> dict[str, Any]:
    """Records with a risk above `most` are quarantined; below `score` the gate refuses."""
    keep = {"role": "insensitive", "technique": "keep"}
    allowed = {"values": ["benign", "malicious"], "severity": "warn", "min_pass": 0.1}
    return policies.policy(
        keys,
        {
            "edge": policies.source(
                SOURCE, {"type": "csv"}, {"user": "login", "risk": "risk", "n": "n", "team": "team", "label": "label"}
            )
        },
        {"user": "user", "risk": "number", "n": "integer", "team": "category", "label": "category"},
        {
            "duplicates": "warn",
            "rules": {"risk": {"range": {"min": 0, "max": most, "min_pass": 0.5}}, "label": {"allowed": allowed}},
        },
        {
            "subject": "user",
            "k": K,
            "columns": {
                "user": {"role": "direct", "technique": "mac", "domain": "person"},
                "risk": keep,
                "n": keep,
                "team": {"role": "quasi", "technique": "keep"},
                "label": {"role": "label", "technique": "keep"},
            },
        },
        {"require_privacy_check": False, "distinct_ok": ["n"], "min_quality_score": score},
    )


@contextmanager
def place(root: Path) -> Iterator[tuple[Project, dict[str, str]]]:
    """Yield a project at `root / project` and its key, in a keyring at `root / keyring.json`."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("home", "site"):
            (root / name).mkdir()
        patch.setenv("HOME", str(root / "home"))
        patch.setenv("GIT_CONFIG_GLOBAL", str(root / "home" / "gitconfig"))
        patch.setenv("DVC_SITE_CACHE_DIR", str(root / "site"))
        patch.setenv("CUSTODY_KEYRING", str(root / "keyring.json"))
        yield create(root / "project"), zone()


def build(root: Path) -> Project:
    """Return the project at `root / project`, its keyring at `root / keyring.json`; tags v1 to v4 name its releases."""
    with place(root) as (project, keys):
        release(project, "v1", policy(keys), rows(200))
        (project.root / "notes.txt").write_text("nothing of the pipeline\n", encoding="utf-8")
        project.commit()
        project.write_policy(policy(keys, most=0.8))
        project.commit()  # the policy alone
        release(project, "v2", policy(keys, most=0.5), rows(200))
        release(project, "v3", policy(keys, most=0.5), rows(230))
        release(project, "v4", policy(keys, most=0.5, score=1), rows(230))
    return project


def release(project: Project, tag: str, values: dict[str, Any], text: str) -> None:
    """Run the stages on a policy and a source, commit what they record and tag it."""
    (project.root / SOURCE).write_text(text, encoding="utf-8")
    project.write_policy(values)
    project.must("dvc", "repro", "-q", "gate")
    project.git("add", "--force", SOURCE)
    project.commit()
    project.git("tag", tag)
