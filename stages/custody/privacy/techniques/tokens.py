"""Tokens: one per distinct value, written once and remembered.

A keyed primitive costs a microsecond or more, so it runs per distinct canonical value, and values that an earlier
partition had are taken from memory. What is remembered changes no result: it is a function of key and text alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.privacy.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from custody.policy.schema import FieldType

ALPHABET = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype=np.uint8)
"""Base32 of RFC 4648, in lower case."""
LIMIT = 2**18
"""Texts remembered per key; beyond that memory is emptied."""


class _Memory(NamedTuple):
    """Distinct canonical texts and, in the same order, their tokens."""

    texts: pa.Array
    tokens: pa.Array


_NOTHING = _Memory(pa.nulls(0, pa.string()), pa.nulls(0, pa.string()))
_remembered: dict[bytes, _Memory] = {}


def write(values: pa.Array, kind: FieldType, key: bytes, make: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return a token per value (strings; null stays null); distinct values get distinct ones.

    `CustodyError` where two would share one. `make` turns distinct canonical texts into tokens, by `key` alone.
    """
    encoded = values.dictionary_encode()
    texts, memory = canonical(encoded.dictionary, kind), _remembered.get(key, _NOTHING)
    place = pc.index_in(texts, value_set=memory.texts)
    if place.null_count:
        memory = _with(texts, place.is_null(), memory, make)
        place = pc.index_in(texts, value_set=memory.texts)
        _remembered[key] = memory if len(memory.texts) <= LIMIT else _NOTHING
    return memory.tokens.take(place).take(encoded.indices)


def spell(packed: NDArray[np.uint8]) -> pa.Array:
    """Base32 in lower case, without padding (strings); shape (rows, bytes), bytes a multiple of 5."""
    rows, size = packed.shape
    five = packed.reshape(rows, size // 5, 5).astype(np.uint64)
    number = five @ (np.uint64(1) << np.arange(32, -8, -8, dtype=np.uint64))
    letters = ALPHABET[number[:, :, None] >> np.arange(35, -5, -5, dtype=np.uint64) & np.uint64(31)]
    offsets = np.arange(rows + 1, dtype=np.int32) * (size // 5 * 8)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(letters.tobytes()))


def _with(texts: pa.Array, new: pa.Array, memory: _Memory, make: Callable[[pa.Array], pa.Array]) -> _Memory:
    """Return a memory that holds the token of each text; `CustodyError` where two texts in it would share one."""
    missing = pc.unique(texts.filter(new))
    if len(memory.texts) + len(missing) > LIMIT:
        memory, missing = _NOTHING, pc.unique(texts)
    memory = _Memory(pa.concat_arrays([memory.texts, missing]), pa.concat_arrays([memory.tokens, make(missing)]))
    if not _all_distinct(memory.tokens) or len(memory.tokens) != len(memory.texts):
        raise CustodyError("privacy: two values got one token; nothing was written; report this")
    return memory


def _all_distinct(tokens: pa.Array) -> bool:
    hashes = np.sort(pl.Series(tokens).hash().to_numpy())  # a repeated hash is rare, and then no proof
    return bool((hashes[1:] != hashes[:-1]).all()) or pc.count_distinct(tokens).as_py() == len(tokens)
