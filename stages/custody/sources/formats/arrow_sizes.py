"""How many bytes each row of an Arrow array takes once its dictionaries are decoded, without decoding them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WORD = 16
"""Bytes of a value that is no text, at most."""


def sizes(array: pa.Array) -> np.ndarray:
    """Return bytes per row (int64): exact for what a dictionary stands for, the mean of the array for the rest."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        lengths = entries(array)
        taken: np.ndarray = pc.fill_null(pc.take(lengths, array.indices), 0).to_numpy(zero_copy_only=False)
        return taken
    if pa.types.is_struct(kind):
        parts = [sizes(array.field(i)) for i in range(kind.num_fields)]
        return sum(parts, np.zeros(len(array), np.int64))
    if pa.types.is_map(kind):
        return _spread(array, sizes(array.keys) + sizes(array.items))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _spread(array, sizes(array.values))
    return np.full(len(array), -(-array.nbytes // max(len(array), 1)), np.int64)


def entries(array: pa.DictionaryArray) -> pa.Array:
    """Return the bytes of each entry of the dictionary of `array` (int64)."""
    kind = array.type.value_type
    if kind not in {pa.string(), pa.large_string(), pa.binary(), pa.large_binary()}:
        return pa.array(np.full(len(array.dictionary), WORD, np.int64))
    return pc.binary_length(array.dictionary).cast(pa.int64())


def multiplies(kind: pa.DataType) -> bool:
    """Say whether a dictionary stands anywhere in `kind`."""
    inner = [kind.field(i).type for i in range(kind.num_fields)] if pa.types.is_nested(kind) else []
    return pa.types.is_dictionary(kind) or any(multiplies(part) for part in inner)


def _spread(array: pa.ListArray | pa.MapArray, inner: np.ndarray) -> np.ndarray:
    total = np.append(np.int64(0), np.cumsum(inner))
    at = array.offsets.to_numpy(zero_copy_only=False)
    found: np.ndarray = total[at[1:]] - total[at[:-1]]
    return found
