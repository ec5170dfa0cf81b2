"""The bytes of many texts of one width, place by place: what stands where, without a pattern."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custody.sources.values.text import edges

Signs = npt.NDArray[np.uint8]
"""One row per place, one column per text."""
ZERO, NINE = 48, 9


def widths(text: pa.Array) -> npt.NDArray[np.int32]:
    """Return how many bytes each text takes; -1 for null."""
    found = np.diff(edges(text))
    return np.where(text.is_valid().to_numpy(zero_copy_only=False), found, -1) if text.null_count else found


def placed(text: pa.Array, rows: npt.NDArray[np.bool_], width: int) -> Signs:
    """Return the bytes of the chosen rows, each of `width`, which is more than 0."""
    chosen = text if rows.all() else text.filter(pa.array(rows))
    ends = edges(chosen)
    held = np.frombuffer(chosen.buffers()[2] or b"", np.uint8)[ends[0] : ends[-1]]
    return np.ascontiguousarray(held.reshape(-1, width).T)


def digits(signs: Signs) -> Signs:
    """Return the digits that stand there; what is none is more than `NINE`."""
    return signs - np.uint8(ZERO)


def pair(digits: Signs, place: int) -> npt.NDArray[np.int64]:
    """Return the numbers of two digits that begin at a place."""
    numbers: Signs = digits[place] * np.uint8(10) + digits[place + 1]
    return numbers.astype(np.int64)
