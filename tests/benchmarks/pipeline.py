"""What the stages cost, next to the fastest primitive for each step, measured in the same run, under two policies.

usage: python tests/benchmarks/pipeline.py [RECORDS …]        (default: 100000 1000000)

Each stage runs in a process of its own, in one worker, on synthetic sources of three formats. "pipeline" is the demo's
policy without further measures, "everything on" the demo's policy (policies.py). CPU seconds are those of the stage's
work: Python's start, imports and reading the policy are left out; sealing (the encryption and HMACs of partitions) and
the attack of a stranger, which is no part of making a release, are measured apart and not in the ratio. The primitives
run on the same data: they are what any program would have to do at least (primitives.py, further.py). Machines are
shared and noisy: read the ratio, not the seconds.
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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "stages"), str(ROOT / "tests")]

from benchmarks import further, primitives  # noqa: E402
from benchmarks.policies import POLICIES  # noqa: E402
from custody.policy import load  # noqa: E402

RUNS = 2
"""A stage runs so often, and the best run counts, as with the primitives."""
LARGE = 2_000_000
STAGES = {
    "collect": ["collect", "data/sources", "data/collected"],
    "validate": ["validate", "data/collected", "data/validated"],
    "anonymize": ["anonymize", "data/collected", "data/validated", "data/anonymized"],
    "gate": ["gate", "decide", "data/anonymized", "data/released"],
}
FUNCTIONS = {
    "custody.records.seal": ("seal", "unseal"),
    "custody.privacy.anonymizing": ("attack",),
    "custody.privacy.candidate": ("targets",),
}
APART = {"sealing": ["custody.records.seal"], "attack": ["custody.privacy.anonymizing", "custody.privacy.candidate"]}
"""What is measured apart, and in which modules its functions stand."""


def main() -> None:
    """Measure each size and print a table for it."""
    sizes = [int(word) for word in sys.argv[1:]] or [100_000, 1_000_000]
    for records in sizes:
        folder = Path(tempfile.mkdtemp(prefix="custody-bench-"))
        try:
            report(records, folder / "project")
        finally:
            shutil.rmtree(folder)


def report(records: int, folder: Path) -> None:
    """Run everything on `records` synthetic records and print the figures."""
    environment = prepare(records, folder)
    print(f"\n{records:,} records, {sum(f.stat().st_size for f in (folder / 'data/sources').iterdir()) / 1e6:.0f} MB")
    os.environ.update(environment)
    demo, collect = (folder / "params.yaml").read_text(), None
    for name, policy in POLICIES.items():
        (folder / "params.yaml").write_text(policy(demo))
        print(f"\n{name:<26}{'cpu s':>8}{'sealing':>9}{'attack':>8}{'records/s':>12}{'peak MB':>9}")
        work = {}
        for stage, words in STAGES.items():
            # No policy changes what collect does.
            figures = collect if collect and stage == "collect" else best(records, folder, environment, words)
            collect = collect or figures
            work[stage] = figures["cpu"]
            print(
                f"{stage:<26}{figures['cpu']:>8.2f}{figures['sealing']:>9.2f}{figures['attack']:>8.2f}"
                f"{records / figures['cpu']:>12,.0f}{figures['peak'] / 1e6:>9.0f}"
            )
        if records > LARGE:
            print("(primitives are measured in memory: left out at this size)")
        else:
            compared(name, work, folder)


def compared(policy: str, work: dict[str, float], folder: Path) -> None:
    """Print the primitives of a run that just ended, and the ratios."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        data = primitives.stored(folder)
        least = primitives.measure(data)
        least = least if policy == "pipeline" else further.added(least, data)
    finally:
        os.chdir(here)
    for stage, steps in least.items():
        whole = sum(steps.values())
        print(f"{stage}: {work[stage]:.2f} s, primitives {whole:.2f} s, ratio {work[stage] / whole:.2f}")
        for name, seconds in steps.items():
            print(f"  {name:<58}{seconds:>8.2f}")
    total, whole = sum(work.values()), sum(sum(steps.values()) for steps in least.values())
    print(f"{policy}: stages {total:.2f} s, primitives {whole:.2f} s, ratio {total / whole:.2f}")


def best(records: int, folder: Path, environment: dict[str, str], words: list[str]) -> dict[str, float]:
    """Return the figures of the best run of a stage."""
    runs = [child(folder, environment, words) for _ in range(1 if records > LARGE else RUNS)]
    return min(runs, key=lambda run: run["cpu"])


def prepare(records: int, folder: Path) -> dict[str, str]:
    """Make a project with synthetic sources, the demo's policy and a zone of its own; its key lies beside `folder`."""
    keyring = folder.parent / "keyring.json"
    environment = {**os.environ, "CUSTODY_KEYRING": str(keyring), "PYTHONPATH": str(ROOT / "stages")}
    shutil.copytree(ROOT / "data" / "anchor", folder / "data" / "anchor")
    shutil.copyfile(ROOT / "params.yaml", folder / "params.yaml")
    run = partial(subprocess.run, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    custody = [sys.executable, "-m", "custody.cli"]
    run([*custody, "source", "synth", "data/sources", "--records", str(records), "--seed", "7"])
    run([*custody, "keys", "init", "bench"])
    (folder / "data/sources/defects.json").unlink()
    return environment


def child(folder: Path, environment: dict[str, str], words: list[str]) -> dict[str, float]:
    """Run one stage in a fresh process; CPU seconds, those of sealing and of the attack apart, peak bytes."""
    command = [sys.executable, __file__, "--stage", *words]
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def stage(words: list[str]) -> None:
    """In the child: run a stage's script with clocks around what is measured apart."""
    script = import_module(words[0])
    apart = {name: Clock([import_module(module) for module in modules]) for name, modules in APART.items()}
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
    spent = {name: clock.spent for name, clock in apart.items()}
    print(json.dumps({"cpu": used - sum(spent.values()), **spent, "peak": 1024 * int(status.split()[0])}))


class Clock:
    """CPU seconds that all calls of the functions took that stand here for a module."""

    def __init__(self, modules: Sequence[Any]) -> None:
        self.spent, self._depth = 0.0, 0
        for module in modules:
            for name in FUNCTIONS[module.__name__]:
                setattr(module, name, self._timed(getattr(module, name)))

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            start, outermost = time.process_time(), not self._depth
            self._depth += 1
            try:
                return function(*arguments)
            finally:
                self._depth -= 1
                self.spent += (time.process_time() - start) * outermost

        return call


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stage"]:
        stage(sys.argv[2:])
    else:
        main()
