"""Collected records in the clear, in a file that only its owner can read: for people who must look at them.

The file lies where neither git nor DVC sees it, and never replaces another. Where writing breaks off,
or is stopped by SIGTERM or SIGHUP, none is left.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from custody.errors import CustodyError
from custody.history.accepted import judged, quarantined
from custody.history.ending import ending_well
from custody.repository.outside import refuse_inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from custody.governance.opening import Opened
    from custody.records.folder import Folder

SUFFIXES: Final = (".jsonl", ".parquet")
BROKEN: Final = "!broken"


def refuse_place(target: Path) -> None:
    """Stop where a file may not be written: inside a project, over another one, or of another format."""
    if target.suffix not in SUFFIXES:
        raise CustodyError(f"OUT: must end in {' or '.join(SUFFIXES)}")
    refuse_inside(target, "OUT")
    if target.exists() or target.is_symlink():
        raise CustodyError("OUT: is there already and is never replaced; choose another name")


def everything(collected: Folder) -> Iterator[pa.Table]:
    """Yield all records, partitions in the order of their names."""
    return (collected.read(partition) for partition in sorted(collected.partitions))


def in_quarantine(opened: Opened) -> Iterator[pa.Table]:
    """Yield the quarantined records; `!broken` names the rules that quarantine each."""
    for table, broken in judged(opened):
        rows = np.flatnonzero(quarantined(broken))
        rules = {name: quarantined(broken.select([name])) for name in broken.column_names}
        names = [[name for name, rule in rules.items() if rule[row]] for row in rows]
        yield table.take(pa.array(rows)).append_column(BROKEN, pa.array(names, pa.list_(pa.string())))


def write(tables: Iterable[pa.Table], target: Path) -> int:
    """Write records as JSON Lines or Parquet, by the suffix; return how many."""
    rows = 0
    with ending_well(), _private(target) as file:
        writer = None
        for table in tables:
            rows += table.num_rows
            if target.suffix == ".jsonl":
                pl.from_arrow(table).write_ndjson(file)  # type: ignore[union-attr]  # of a table a frame is made
                continue
            writer = writer or pq.ParquetWriter(file, table.schema)
            writer.write_table(table)
        if writer is not None:
            writer.close()
    return rows


@contextmanager
def _private(target: Path) -> Iterator[BinaryIO]:
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CustodyError(f"OUT: cannot be written ({error.strerror}); choose another place") from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(handle)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
