"""A release of two sources, one of them sealed, pinned and kept by DVC, and what an officer does to forget people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from history import past

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from subprocess import CompletedProcess as Done

    from pipeline.project import Project

SEALED = "data/sources/edge.sealed"
SIDECAR = f"{SEALED}.dvc"
OTHER = "data/sources/other.csv"
HEAD = "login,risk,n,team,label\n"
PEOPLE = [f"User-{number}" for number in range(12)]
"""Four in each of three teams, of which k asks for three."""
GONE = PEOPLE[4]


def rows(without: Collection[str] = (), more: str = "") -> str:
    """Ten records of each person."""
    people = [PEOPLE[i % 12] for i in range(120)]
    kept = [f"{who},0.{i % 7},{i},team-{i % 3},benign\n" for i, who in enumerate(people) if who not in without]
    return HEAD + "".join(kept) + more


def policy(keys: dict[str, str]) -> dict[str, Any]:
    """As that of the past, with rows of small groups left out and a second source, of other people."""
    values = past.policy(keys)
    edge = values["sources"]["edge"]
    values["sources"] = {"edge": {**edge, "path": SEALED}, "other": {**edge, "path": OTHER}}
    values["privacy"]["on_violation"] = "suppress"
    values["privacy"]["max_suppressed"] = 1.0
    values["gate"]["min_rows"] = 1
    return values


def put(project: Project, text: str) -> str:
    """Seal a file into the source's place and have DVC keep it; return the digest that the policy pins."""
    (project.root / SEALED).unlink(missing_ok=True)
    raw = project.root.parent / "edge.csv"
    raw.write_text(text, encoding="utf-8")
    said = project.must("custody", "source", "add", str(raw), "--id", "edge")
    project.must("dvc", "add", "--quiet", SEALED)
    return said.split("sha256: ")[1].split("\n")[0].strip("'\"")


def build(root: Path) -> Project:
    """Return the project at `root / project`, its keyring at `root / keyring.json`; its release has the tag v1."""
    with past.place(root) as (project, keys):
        project.must("dvc", "init", "--quiet", "--force")
        project.write_policy(policy(keys))
        others = [f"someone-{i % 6},0.{i % 5},{i},desk-{i % 2},benign\n" for i in range(1000, 1060)]
        (project.root / OTHER).write_text(HEAD + "".join(others), encoding="utf-8")
        values = policy(keys)
        values["sources"]["edge"]["sha256"] = put(project, rows())
        sidecar = project.root / SIDECAR
        sidecar.write_text(
            f'desc:   "by  hand"\n{sidecar.read_text()}', encoding="utf-8"
        )  # DVC would write it otherwise
        project.write_policy(values)
        project.must("dvc", "repro", "--quiet", "gate")
        project.git("add", "--force", OTHER)
        project.commit()
        project.git("tag", "v1")
    return project


def record(project: Project, *people: str, words: tuple[str, ...] = ("case-7", f"v1:{SIDECAR}")) -> Done[str]:
    """Run `custody privacy erasure` with people on its standard input, a line each."""
    command = ("bash", "-c", 'printf "$GIVEN" | custody privacy erasure "$@"', "bash", *words)
    return project.run(*command, GIVEN="".join(f"{who}\\n" for who in people))


def forget(project: Project, *people: str, text: str | None = None) -> None:
    """Replace the source by one without these people, record that, and commit it."""
    put(project, rows(people) if text is None else text)
    done = record(project, *people)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    project.commit()
