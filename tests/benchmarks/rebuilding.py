"""What `custody reproduce` costs, next to a plain `dvc repro -f` of the same revision beside it.

usage: python tests/benchmarks/rebuilding.py [--runs N] [--records N]

A project with the shipped stages and policy, its sources made up under a key of its own, is run and committed. Then,
turn about, a clone of it is built with `dvc repro -f` and the revision is reproduced with the libraries of today. Times
are the best of a few runs, in seconds of processor time (children included) and of the clock; what the check of a
locked environment costs is not in them.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:1] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2] / "stages")]

from pipeline.project import Project, demo  # noqa: E402


def main() -> None:
    """Make the project, measure, print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--records", type=int, default=6000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        os.environ |= {
            "HOME": name,
            "CUSTODY_KEYRING": str(place / "keyring.json"),
            "DVC_SITE_CACHE_DIR": str(place / "site"),
        }
        project = demo(place / "project")
        made(project, asked.records)
        measure(project, asked.runs)


def made(project: Project, records: int) -> None:
    """Run the stages on that many records and commit what they record."""
    raw = project.root.parent / "raw"
    project.must("custody", "source", "synth", str(raw), "--records", str(records), "--seed", "7")
    for path in (project.root / "data" / "sources").iterdir():
        shutil.copy(raw / path.name, path)
    project.must("custody", "keys", "init", "bench")
    project.must("dvc", "repro", "gate")
    project.commit()


def measure(project: Project, runs: int) -> None:
    """Print what each costs, and how it compares."""
    clone = Project(project.root.parent / "clone")
    project.git("clone", "--quiet", str(project.root), str(clone.root))

    def reproduced() -> None:
        said = project.must("custody", "reproduce", "HEAD", "--current-env")
        assert said.splitlines()[0].endswith(": reproduced"), said

    works: dict[str, Callable[[], object]] = {
        "dvc repro -f": lambda: clone.must("dvc", "repro", "--force", "gate"),
        "custody reproduce --current-env": reproduced,
    }
    best = {name: (float("inf"), float("inf")) for name in works}
    for _ in range(runs):
        for name, work in works.items():
            before = spent(), time.perf_counter()
            work()
            took = spent() - before[0], time.perf_counter() - before[1]
            best[name] = min(best[name][0], took[0]), min(best[name][1], took[1])
    base = best["dvc repro -f"]
    for name, (processor, clock) in best.items():
        ratios = f"{processor / base[0]:5.2f}   {clock:7.2f} s by the clock {clock / base[1]:5.2f}"
        print(f"{name:34} {processor:7.2f} s of processor time {ratios}")


def spent() -> float:
    """Return the processor time of this process and of its children, so far."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


if __name__ == "__main__":
    main()
