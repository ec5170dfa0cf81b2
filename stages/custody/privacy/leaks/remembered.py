"""Texts of a column that were searched before and held nothing: one that stands in many partitions is searched once.

What a text holds depends on it alone, so a text that is equal to one of these, byte for byte, holds nothing either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIMIT = 1 << 17
"""Texts that are remembered of one column."""


class Remembered:
    """What this process searched; a copy that a worker process gets is empty."""

    def __init__(self) -> None:
        self._empty: dict[tuple[str, int], pa.Array] = {}

    def others(self, column: str, whole: int, texts: pa.Array) -> NDArray[np.int64]:
        """Return the places of the texts that are none of those which hold nothing, `whole` being as it was then."""
        known = self._empty.get((column, whole))
        if known is None:
            return np.arange(len(texts), dtype=np.int64)
        return np.flatnonzero(~pc.is_in(texts, value_set=known).to_numpy(zero_copy_only=False))

    def add(self, column: str, whole: int, texts: pa.Array) -> None:
        """Remember texts that `others` gave and that were searched in vain; earlier ones go when there are too many."""
        earlier = self._empty.get((column, whole), texts.slice(0, 0))
        joined = pa.concat_arrays([texts, earlier])
        self._empty[column, whole] = joined if len(joined) <= LIMIT else texts.slice(0, LIMIT)

    def __getstate__(self) -> dict[str, Any]:
        return {"_empty": {}}
