"""Sensitive values as words that are compared: hashes, or places in an order.

Values of an ordered column get words in the order of the values: numbers and times as they compare, listed words in
the order of the list, an unlisted one behind them all. A null is a value, before every other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.cells import plain
from custody.privacy.risk.hashing import hashes

if TYPE_CHECKING:
    from custody.privacy.risk.hashing import Hashes

_SIGN = np.uint64(1 << 63)


def words(column: pa.ChunkedArray, ordered: bool | tuple[str, ...], seed: int) -> Hashes:  # noqa: FBT001  # as the policy has it
    """Return one word per row, equal exactly where values are; `ordered` is that of the column's policy."""
    if isinstance(ordered, tuple):
        return _listed(column, ordered)
    if ordered and (pa.types.is_floating(column.type) or pa.types.is_boolean(column.type)):
        return _filled(_floats(column), column)
    if ordered and (pa.types.is_integer(column.type) or pa.types.is_timestamp(column.type)):
        return _filled(column.cast(pa.int64()).fill_null(0).to_numpy().view(np.uint64) ^ _SIGN, column)
    return hashes(column, seed)


def _floats(column: pa.ChunkedArray) -> Hashes:
    """Words of doubles in their order (IEEE 754): a negative one is turned round, NaN stands last; -0 is 0."""
    numbers = column.cast(pa.float64()).fill_null(0.0).to_numpy() + 0.0
    bits = np.where(np.isnan(numbers), np.nan, numbers).view(np.uint64)
    return np.where(bits & _SIGN, ~bits, bits | _SIGN)


def _listed(column: pa.ChunkedArray, order: tuple[str, ...]) -> Hashes:
    texts = plain(column).cast(pa.string())
    place = pc.index_in(texts, value_set=pa.array(order, pa.string()))
    places = pc.fill_null(place, len(order)).to_numpy(zero_copy_only=False).astype(np.uint64)
    return _filled(places + np.uint64(1), column)


def _filled(places: Hashes, column: pa.ChunkedArray) -> Hashes:
    """Put null below every value; the two least 64-bit integers share a word."""
    return np.where(pc.is_valid(column).to_numpy(), np.maximum(places, np.uint64(1)), np.uint64(0))
