"""Progress of long work: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from custody.records.folder import Partition

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


def counted(partitions: Iterable[Partition], of: str, what: str) -> Iterator[Partition]:
    """Yield the partitions that one task writes and tell how many there are so far, on stderr: their sum is not known.

    Silent in a pool's processes, whose bars would write over each other.
    """
    import multiprocessing  # noqa: PLC0415  # late: most commands count nothing

    if multiprocessing.parent_process() is not None:
        yield from partitions
        return
    if sys.stderr.isatty():
        from tqdm import tqdm  # noqa: PLC0415  # only a terminal needs it

        yield from tqdm(partitions, desc=f"{what}: {of}", unit=" partitions", leave=False, delay=1)
        return
    last, records = time.monotonic(), 0
    for done, partition in enumerate(partitions, 1):
        yield partition
        records += partition.rows
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            several = "s" * (done != 1)
            print(f"{what}: {done:,} partition{several} ({records:,} records) of {of}", file=sys.stderr, flush=True)  # noqa: T201
