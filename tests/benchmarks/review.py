"""What `custody review` costs, in passes of validate and anonymize, measured in the same run.

usage: python tests/benchmarks/review.py [RECORDS]        (default: 200000)

A project with synthetic sources under the demo's policy; the proposal narrows the range of a rule, so that every record
is judged and de-identified again. A pass is what validate and anonymize cost as stages, sealing and the attack of a
stranger included. Seconds are those of processor time, children's (git) included, without Python's start and imports.
Collecting, which is done once where the sources were never collected, is told apart. Each runs in a process of its own,
and the better of two runs counts. Machines are shared and noisy, so read the ratio, not the seconds; the second ratio
is to the passes inside the review itself, which bore the same noise, and of which a second one is cheaper than a first.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
sys.path[:1] = [str(ROOT / "stages"), str(ROOT / "tests")]  # `pipeline` is the room of tests, not the file here

from benchmarks import pipeline  # noqa: E402
from pipeline.project import Project, create  # noqa: E402

RUNS = 2
RULE = ("threat_score", "range")
STAGES = ("validate", "anonymize")


def main() -> None:
    """Make the project, measure, print a line for each case."""
    records = int(sys.argv[1]) if sys.argv[1:] else 200_000
    folder = Path(tempfile.mkdtemp(prefix="custody-bench-"))
    try:
        project, environment = prepare(records, folder)
        os.environ.update(environment)
        print(f"{records:,} records")
        nothing = best(project, "base..head")
        project.must("dvc", "repro", "-q", "gate")
        project.commit()
        project.git("tag", "-f", "base")
        whole = passes(project)
        print(f"one pass of validate and anonymize: {whole:.2f} s")
        told("neither policy was run before", nothing, whole)
        propose(project)
        told("BASE's run is in DVC's cache", best(project, "base..head"), whole)
        longer(project)
        told("the same, and HEAD has other data", best(project, "base..head"), whole)
    finally:
        shutil.rmtree(folder)


def told(case: str, figures: dict[str, float], whole: float) -> None:
    """Print what a review came to."""
    work = figures["cpu"] - figures["collect"]
    print(
        f"{case:<36}{figures['cpu']:>8.2f} s, of it {figures['collect']:.2f} s collect; "
        f"without it {work / whole:.2f} passes, {work / (figures['passes'] / figures['runs']):.2f} of those inside"
    )


def prepare(records: int, folder: Path) -> tuple[Project, dict[str, str]]:
    """Return a project with a base and a proposal, neither of which was run."""
    made = folder / "made"
    environment = pipeline.prepare(records, made)
    environment.pop("PYTHONPATH")
    project = create(folder / "project")
    shutil.copytree(made / "data" / "sources", project.root / "data" / "sources", dirs_exist_ok=True)
    shutil.copyfile(made / "params.yaml", project.root / "params.yaml")
    project.git("add", "--force", "data/sources")
    project.commit()
    project.git("tag", "base")
    propose(project)
    return project, environment


def propose(project: Project) -> None:
    """Commit a narrower range as `head`, and go back to `base`."""
    values = project.policy()
    column, check = RULE
    values["quality"]["rules"][column][check]["max"] = 0.9
    project.write_policy(values)
    project.commit()
    project.git("tag", "-f", "head")
    project.git("checkout", "--quiet", "base")


def longer(project: Project) -> None:
    """Give `head` a source with some lines more."""
    project.git("checkout", "--quiet", "head")
    [source] = (project.root / "data" / "sources").glob("*.jsonl")
    lines = source.read_bytes().splitlines(keepends=True)
    source.write_bytes(b"".join([*lines, *lines[:100]]))
    project.git("add", "--force", "data/sources")
    project.commit()
    project.git("tag", "-f", "head")
    project.git("checkout", "--quiet", "base")


def passes(project: Project) -> float:
    """Return what validate and anonymize cost, each in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "stages")}
    found = 0.0
    for stage in STAGES:
        runs = [pipeline.child(project.root, environment, pipeline.STAGES[stage]) for _ in range(RUNS)]
        found += min(run["cpu"] + run["sealing"] + run["attack"] for run in runs)
    return found


def best(project: Project, span: str) -> dict[str, float]:
    """Return the figures of the better of the runs of a review."""
    command = [sys.executable, __file__, "--child", span]
    runs = []
    for _ in range(RUNS):
        done = subprocess.run(command, cwd=project.root, check=True, capture_output=True, text=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return min(runs, key=lambda run: run["cpu"] - run["collect"])


def child(span: str) -> None:
    """In the child: review, and say what it cost."""
    import dvc.repo  # type: ignore[import-untyped]  # noqa: F401, PLC0415  # imports are not counted
    import pandas as pd  # noqa: F401, PLC0415  # Arrow imports it when it is first used

    from custody import engine  # noqa: PLC0415
    from custody.history.effect import running  # noqa: PLC0415
    from custody.history.review import reviewing  # noqa: PLC0415

    spent: dict[str, list[float]] = {"_collect": [], "validate": [], "anonymize": []}
    for name, seconds in spent.items():
        setattr(running, name, clocked(getattr(running, name), seconds))
    start = used()
    told = reviewing.review(Path(), span, engine.choose())
    cpu = used() - start
    if not told.effect.told:
        sys.exit(told.effect.why)
    inside = [*spent["validate"], *spent["anonymize"]]
    figures = {"cpu": cpu, "collect": sum(spent["_collect"]), "passes": sum(inside), "runs": len(spent["anonymize"])}
    print(json.dumps(figures))


def clocked(function: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    """Return the same function, which notes the processor time of each call."""

    def call(*arguments: Any) -> Any:
        start = time.process_time()
        try:
            return function(*arguments)
        finally:
            spent.append(time.process_time() - start)

    return call


def used() -> float:
    """Return the processor time of this process and of its children, so far."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2])
    else:
        main()
