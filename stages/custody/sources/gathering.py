"""Batches of a reader put together, so that columns are converted in long runs; it sets time and memory, no result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.records.parquet import ROW_GROUP
from custody.sources.formats.reading import Batch
from custody.sources.streams.sizes import BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROWS = ROW_GROUP
"""Rows of a batch that is put together: those of a partition, which then is cut nowhere and copied no more."""
MOST = 16 * BYTES
"""Bytes of fields, about, beyond which no more is put together."""


def gathered(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Yield the rows of `batches` in batches of `ROWS` rows, or of fewer that have a schema or more bytes of their own.

    The accounts of `batches` are left out.
    """
    held: list[Batch] = []
    rows = size = 0
    for batch in batches:
        if held and batch.table.schema != held[0].table.schema:
            yield _joined(held)
            held, rows, size = [], 0, 0
        at, count, weight = 0, batch.rows, batch.table.nbytes
        while rows + count - at >= ROWS:
            held.append(_part(batch, at, at + ROWS - rows))
            yield _joined(held)
            at, held, rows, size = at + ROWS - rows, [], 0, 0
        if at < count:
            held.append(_part(batch, at, count))
            rows, size = rows + count - at, size + weight * (count - at) // count
        if size >= MOST:
            yield _joined(held)
            held, rows, size = [], 0, 0
    if held:
        yield _joined(held)


def _part(batch: Batch, start: int, end: int) -> Batch:
    if (start, end) == (0, len(batch.lines)):
        return batch
    mixed = {name: mask[start:end] for name, mask in batch.mixed.items()}
    repeat = None if batch.repeat is None else batch.repeat[start:end]
    return Batch(batch.table.slice(start, end - start), batch.lines[start:end], mixed=mixed, repeat=repeat)


def _joined(parts: Sequence[Batch]) -> Batch:
    names = dict.fromkeys(name for part in parts for name in part.mixed)
    often = [np.ones(part.rows, np.int64) if part.repeat is None else part.repeat for part in parts]
    return Batch(
        pa.concat_tables([part.table for part in parts]),
        np.concatenate([part.lines for part in parts]),
        mixed={
            name: np.concatenate([part.mixed.get(name, np.zeros(part.rows, bool)) for part in parts]) for name in names
        },
        repeat=None if all(part.repeat is None for part in parts) else np.concatenate(often),
    )
