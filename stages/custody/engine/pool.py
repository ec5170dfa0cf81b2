"""A pool of processes; each is handed what all tasks share once."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

from custody.engine import memory, serial, without
from custody.engine.progress import shown
from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from custody.records.run import Item, Result, Run, Shared

_task: tuple[Callable[[Any, Any], Any], Any] | None = None


def of(workers: int) -> Run:
    """Return an engine of `workers` processes, spawned: Arrow and polars hold threads that a fork would break."""

    def run(
        function: Callable[[Shared, Item], Result], shared: Shared, items: Sequence[Item], what: str
    ) -> Iterator[Result]:
        if len(items) < 2:  # noqa: PLR2004  # nothing to share out
            yield from serial.run(function, shared, items, what)
            return
        # Read when polars is imported: threads of its own in each process would only take turns with the others.
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(workers, len(items)), spawn, _start, (function, shared)) as processes:
            try:
                yield from shown(processes.map(_do, items), len(items), what)
            except BrokenProcessPool:
                raise CustodyError(
                    "a worker process died (out of memory?); run again with fewer CUSTODY_WORKERS"
                ) from None

    return run


def _start(function: Callable[[Any, Any], Any], shared: Any) -> None:
    global _task  # noqa: PLW0603  # set once, when the process starts
    without.pandas()
    memory.keep()
    _task = function, shared


def _do(item: Any) -> Any:
    if _task is None:
        raise RuntimeError
    function, shared = _task
    return function(shared, item)
