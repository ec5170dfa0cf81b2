"""What the stages cost, next to the fastest primitive for each step, measured in the same run.

usage: python tests/benchmarks/pipeline.py [RECORDS …]        (default: 100000 1000000)

Each stage runs in a process of its own, in one worker, on synthetic sources of three formats under the demo's policy.
CPU seconds are those of the stage's work: Python's start, imports and reading the policy are left out, and sealing (the
encryption and HMACs of partitions) is measured apart. The primitives run on the same data: they are what any program
would have to do at least (see primitives.py). Machines are shared and noisy: read the ratio, not the seconds.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from custody.policy import load
from custody.records import seal

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 2
"""A stage runs so often, and the best run counts, as with the primitives."""
LARGE = 2_000_000
ROOT = Path(__file__).resolve().parents[2]
STAGES = {
    "collect": ["collect", "data/sources", "data/collected"],
    "validate": ["validate", "data/collected", "data/validated"],
    "anonymize": ["anonymize", "data/collected", "data/validated", "data/anonymized"],
    "gate": ["gate", "decide", "data/anonymized", "data/released"],
}


def main() -> None:
    """Measure each size and print a table for it."""
    sizes = [int(word) for word in sys.argv[1:]] or [100_000, 1_000_000]
    for records in sizes:
        folder = Path(tempfile.mkdtemp(prefix="custody-bench-"))
        try:
            report(records, folder)
        finally:
            shutil.rmtree(folder)


def report(records: int, folder: Path) -> None:
    """Run everything on `records` synthetic records and print the figures."""
    environment = prepare(records, folder)
    print(f"\n{records:,} records, {sum(f.stat().st_size for f in (folder / 'data/sources').iterdir()) / 1e6:.0f} MB")
    print(f"{'stage':<26}{'cpu s':>8}{'sealing':>9}{'records/s':>12}{'peak MB':>9}")
    work = {}
    for stage, words in STAGES.items():
        runs = [child(folder, environment, words) for _ in range(1 if records > LARGE else RUNS)]
        figures = min(runs, key=lambda run: run["cpu"] - run["sealing"])
        work[stage] = cpu = figures["cpu"] - figures["sealing"]
        print(f"{stage:<26}{cpu:>8.2f}{figures['sealing']:>9.2f}{records / cpu:>12,.0f}{figures['peak'] / 1e6:>9.0f}")
    if records > LARGE:
        print("(primitives are measured in memory: left out at this size)")
        return
    os.environ.update(environment)
    least = import_module("primitives").measure(folder)
    for stage_, steps in least.items():
        whole = sum(steps.values())
        print(f"{stage_}: {work[stage_]:.2f} s, primitives {whole:.2f} s, ratio {work[stage_] / whole:.2f}")
        for name, seconds in steps.items():
            print(f"  {name:<58}{seconds:>8.2f}")
    total, whole = sum(work.values()), sum(sum(steps.values()) for steps in least.values())
    print(f"stages {total:.2f} s, primitives {whole:.2f} s, ratio {total / whole:.2f}")


def prepare(records: int, folder: Path) -> dict[str, str]:
    """Make a project with synthetic sources, the demo's policy and a zone of its own."""
    environment = {**os.environ, "CUSTODY_KEYRING": str(folder / "keyring.json"), "PYTHONPATH": str(ROOT / "stages")}
    shutil.copytree(ROOT / "data" / "anchor", folder / "data" / "anchor")
    shutil.copyfile(ROOT / "params.yaml", folder / "params.yaml")
    run = partial(subprocess.run, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    custody = [sys.executable, "-m", "custody.cli"]
    run([*custody, "source", "synth", "data/sources", "--records", str(records), "--seed", "7"])
    run([*custody, "keys", "init", "bench"])
    (folder / "data/sources/defects.json").unlink()
    return environment


def child(folder: Path, environment: dict[str, str], words: list[str]) -> dict[str, float]:
    """Run one stage in a fresh process; CPU seconds, those of them that sealing took, peak bytes."""
    command = [sys.executable, __file__, "--stage", *words]
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def stage(words: list[str]) -> None:
    """In the child: run a stage's script with a clock around the sealing functions."""
    script = import_module(words[0])
    spent = {"sealing": 0.0, "depth": 0}

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            start, outermost = time.process_time(), not spent["depth"]
            spent["depth"] += 1
            try:
                return function(*arguments)
            finally:
                spent["depth"] -= 1
                spent["sealing"] += (time.process_time() - start) * outermost

        return call

    for module, name in ((seal, "seal"), (seal, "unseal")):
        setattr(module, name, timed(getattr(module, name)))
    sys.argv = words
    import_module("pandas")  # Arrow imports it when it is first used
    load()
    start = time.process_time()
    try:
        script.main()
    except SystemExit as end:
        if end.code:
            raise
    used = time.process_time() - start
    status = Path("/proc/self/status").read_text().split("VmHWM:")[1]  # ru_maxrss would count the parent's memory
    peak = 1024 * int(status.split()[0])
    print(json.dumps({"cpu": used, "sealing": spent["sealing"], "peak": peak}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stage"]:
        stage(sys.argv[2:])
    else:
        main()
