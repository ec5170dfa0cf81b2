"""Where partitions run: in this process, or in a pool of them. Results are the same, and come in order."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from custody.engine.timing import timed
from custody.errors import CustodyError

if TYPE_CHECKING:
    from custody.records.run import Run

__all__ = ["choose", "timed"]


def choose() -> Run:
    """Return the engine that `CUSTODY_WORKERS` asks for (default 1: this process)."""
    text = os.environ.get("CUSTODY_WORKERS", "1")
    if not text.isdecimal() or not 1 <= int(text) <= 1024:  # noqa: PLR2004
        raise CustodyError("CUSTODY_WORKERS: must be a number of processes, 1 to 1024")
    from custody.engine import memory, serial, without  # noqa: PLC0415  # late: only who runs partitions needs them

    without.pandas()
    memory.keep()
    if text == "1":
        return serial.run
    from custody.engine import pool  # noqa: PLC0415  # late: one process needs none of it

    return pool.of(int(text))
