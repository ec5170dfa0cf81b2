"""Kills a stage at chosen file operations and runs it again: `python kill_points.py OUTPUT SCRIPT ARGUMENT …`.

Runs in a project in which the stage ran well. The stage is counted once: which file operations that last (write, sync,
rename, remove, make a folder) it does. Then, for some of them, a process of its own runs the stage and dies by SIGKILL
right before that operation, of a write after half of its bytes; then the stage runs undisturbed. Prints a JSON list of
[operation, it died, the output is whole or not there, the next run gives the same bytes and leaves nothing else].
"""

from __future__ import annotations

import json
import os
import pathlib
import runpy
import shutil
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path[:0] = ["stages", str(pathlib.Path(__file__).resolve().parents[1])]

from pipeline.dying import watch  # noqa: E402  # found by the line above


def main() -> None:
    """Try every chosen operation."""
    output, *words = sys.argv[1:]
    for name in ("pandas", "polars", "pyarrow.parquet", "custody.release.deciding", "custody.privacy.anonymizing"):
        __import__(name)  # once, for all the processes that are forked off
    before = tree()
    counted = pathlib.Path("data/.operations")
    forked(partial(run, words, None, counted))
    operations = json.loads(counted.read_text())
    counted.unlink()
    renames = [i for i, name in enumerate(operations) if name == "rename"]
    found = []
    for point in sorted({0, renames[0] // 2, *renames, len(operations) - 1}):
        if point < renames[0]:
            shutil.rmtree(output)  # as DVC does before it starts a stage
        died = forked(partial(run, words, point, None)) == signal.SIGKILL
        left = tree(output)
        whole = not left or left == {name: data for name, data in before.items() if name.startswith(output)}
        forked(partial(run, words, None, None))
        found.append([operations[point], died, whole, tree() == before])
    print(json.dumps(found))  # noqa: T201  # the answer


def tree(folder: str = "data") -> dict[str, bytes]:
    """Every file of a folder but the sources."""
    files = [path for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file() and "sources" not in path.parts]
    return {str(path): path.read_bytes() for path in files}


def forked(work: Callable[[], None]) -> int:
    """Run `work` in a process of its own; return the signal that ended it, 0 for none."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def run(words: list[str], point: int | None, counted: pathlib.Path | None) -> None:
    """Run a stage; before operation `point` the process dies."""
    done = watch(("fsync", "rename", "replace", "mkdir", "unlink", "rmdir"), point)
    sys.argv = words
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # this process ends soon
    try:
        runpy.run_path(words[0], run_name="__main__")
    except SystemExit as end:
        if end.code:
            os.kill(os.getpid(), signal.SIGABRT)
    if counted is not None:
        counted.write_text(json.dumps(done))


if __name__ == "__main__":
    main()
