"""What `custody report` costs beside validate, and how large its page is.

usage: python tests/benchmarks/report.py [RECORDS]        (default: 1000000)

Both run in processes of their own on synthetic sources under the demo's policy; CPU seconds are those of the whole
command, Python's start and imports included, best of three. The stages before are run once.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

RUNS = 3
bench = import_module("pipeline")  # the benchmark beside this one


def main() -> None:
    """Print both costs, their ratio and the page's size."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    whole = Path(tempfile.mkdtemp(prefix="custody-bench-"))
    folder = whole / "project"
    try:
        environment = bench.prepare(records, folder)
        shutil.copytree(bench.ROOT / "data/anchor", folder / "data/anchor", dirs_exist_ok=True)
        for words in bench.STAGES.values():
            _cpu([sys.executable, str(bench.ROOT / "stages" / f"{words[0]}.py"), *words[1:]], folder, environment)
        validate = [sys.executable, str(bench.ROOT / "stages/validate.py"), *bench.STAGES["validate"][1:]]
        report = [sys.executable, "-m", "custody.cli", "report"]
        costs = [min(_cpu(command, folder, environment) for _ in range(RUNS)) for command in (validate, report)]
        size = (folder / "report.html").stat().st_size
        print(
            f"{records:,} records: validate {costs[0]:.2f} s, report {costs[1]:.2f} s, ratio {costs[1] / costs[0]:.2f}"
        )
        print(f"report.html {size / 1e6:.3f} MB")
    finally:
        shutil.rmtree(whole)


def _cpu(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """CPU seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
