"""Batches of a reader put together, so that columns are converted in long runs; it sets time and memory, no result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.sources.formats.reading import Batch
from custody.sources.streams.sizes import BYTES, ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST = 4 * BYTES
"""Bytes of fields, about, beyond which no more is put together."""


def gathered(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Yield the rows of `batches` in fewer of them, of some `ROWS` rows; their accounts are left out."""
    held: list[Batch] = []
    rows = size = 0
    for batch in batches:
        if held and batch.table.schema != held[0].table.schema:
            yield _joined(held)
            held, rows, size = [], 0, 0
        if batch.rows:
            held.append(batch)
            rows, size = rows + batch.rows, size + batch.table.nbytes
        if rows >= ROWS or size >= MOST:
            yield _joined(held)
            held, rows, size = [], 0, 0
    if held:
        yield _joined(held)


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
