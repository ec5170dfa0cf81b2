"""Progress of long work: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Result = TypeVar("Result")
EVERY = 10.0
"""Seconds between two plain lines."""


def shown(results: Iterable[Result], total: int, what: str) -> Iterator[Result]:
    """Yield results as they come and tell how many of `total` are done, on stderr."""
    if sys.stderr.isatty():
        from tqdm import tqdm  # noqa: PLC0415  # only a terminal needs it

        yield from tqdm(results, desc=what, total=total, unit="part", leave=False, delay=1)
        return
    last = time.monotonic()
    for done, result in enumerate(results, 1):
        yield result
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            print(f"{what}: {done} of {total} parts", file=sys.stderr, flush=True)  # noqa: T201
