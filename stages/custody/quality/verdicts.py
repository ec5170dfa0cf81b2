"""Verdicts as a table: one row per record, one bool per rule; nothing of the record is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


def table(verdict: NDArray[np.uint8], rows: int, ids: Sequence[str]) -> pa.Table:
    """Return one bool column per rule, in the order of `ids`; true where a record breaks the rule.

    `verdict` has one row of packed bits per rule, laid out as Arrow lays out booleans, so nothing is unpacked.
    """
    columns = [pa.Array.from_buffers(pa.bool_(), rows, [None, pa.py_buffer(bits.tobytes())]) for bits in verdict]
    return pa.table(dict(zip(ids, columns, strict=True)))
