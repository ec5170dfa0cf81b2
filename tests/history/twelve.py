"""A repository of twelve commits: six releases over three policies and two versions of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from history import past

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.project import Project

RELEASES = ("a1", "b1", "c1", "c2", "b2", "a2")
"""Tags, oldest first: a policy and a version of the source. Policy c refuses."""
ROWS = {"1": past.rows(200), "2": past.rows(230)}


def build(root: Path) -> Project:
    """Return the project at `root / project`, its keyring at `root / keyring.json`."""
    with past.place(root) as (project, keys):
        policies = {
            "a": past.policy(keys),
            "b": past.policy(keys, most=0.5),
            "c": past.policy(keys, most=0.5, score=1),
        }
        for step in ("a1", "notes", "b1", "policy c", "c1", "source 2", "c2", "notes", "notes", "b2", "notes", "a2"):
            what = step[-1]
            if step in RELEASES:
                past.release(project, step, policies[step[0]], ROWS[step[1]])
            elif step.startswith("policy"):
                project.write_policy(policies[what])
            elif step.startswith("source"):
                (project.root / past.SOURCE).write_text(ROWS[what], encoding="utf-8")
            else:
                with (project.root / "notes.txt").open("a", encoding="utf-8") as notes:
                    notes.write("nothing of the pipeline\n")
            if step not in RELEASES:
                project.git("add", "--force", past.SOURCE)
                project.commit()
    return project
