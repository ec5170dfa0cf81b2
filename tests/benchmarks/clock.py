"""CPU seconds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def clocked(work: Callable[[], Any]) -> float:
    """CPU seconds of `work`, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def in_turns(works: Sequence[Callable[[], Any]], runs: int) -> list[float]:
    """CPU seconds of each, the best of `runs`: a machine that is slow for a while is slow for all of them."""
    best = [float("inf")] * len(works)
    for _ in range(runs):
        for i, work in enumerate(works):
            start = time.process_time()
            work()
            best[i] = min(best[i], time.process_time() - start)
    return best
