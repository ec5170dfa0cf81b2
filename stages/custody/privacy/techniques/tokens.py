"""Tokens: one per distinct value, written once and remembered.

A keyed primitive costs a microsecond or more, so it runs per distinct canonical value, and values that an earlier
partition had are taken from memory. What is remembered changes no result: it is a function of key and text alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
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


_NOTHING = _Memory(pa.array([], pa.string()), pa.array([], pa.string()))
_remembered: dict[bytes, _Memory] = {}


def write(values: pa.Array, kind: FieldType, key: bytes, make: Callable[[list[str]], list[str]]) -> pa.Array:
    """Return a token per value (strings; null stays null); distinct values get distinct ones.

    `CustodyError` where two would share one. `make` turns distinct canonical texts into tokens, by `key` alone.
    """
    texts, memory = canonical(values, kind), _remembered.get(key, _NOTHING)
    place = pc.index_in(texts, value_set=memory.texts)
    if place.null_count > texts.null_count:
        memory = _with(texts, memory, make)
        place = pc.index_in(texts, value_set=memory.texts)
        _remembered[key] = memory if len(memory.texts) <= LIMIT else _NOTHING
    return memory.tokens.take(place)


def spell(packed: NDArray[np.uint8]) -> list[str]:
    """Base32 in lower case, without padding; shape (rows, bytes), bytes a multiple of 5."""
    rows, size = packed.shape
    bits = np.unpackbits(packed, axis=1).reshape(rows, size * 8 // 5, 5)
    letters = ALPHABET[np.packbits(bits, axis=2)[:, :, 0] >> 3]
    return [str(text) for text in np.ascontiguousarray(letters).view(f"S{size * 8 // 5}").ravel().astype(str)]


def _with(texts: pa.Array, memory: _Memory, make: Callable[[list[str]], list[str]]) -> _Memory:
    """Return a memory that holds the token of each text; `CustodyError` where two texts in it would share one."""
    missing = _missing(texts, memory)
    if len(memory.texts) + len(missing) > LIMIT:
        memory, missing = _NOTHING, _missing(texts, _NOTHING)
    made = pa.array(make(missing.to_pylist()), pa.string())
    memory = _Memory(pa.concat_arrays([memory.texts, missing]), pa.concat_arrays([memory.tokens, made]))
    if pc.count_distinct(memory.tokens).as_py() != len(memory.texts):
        raise CustodyError("privacy: two values got one token; nothing was written; report this")
    return memory


def _missing(texts: pa.Array, memory: _Memory) -> pa.Array:
    """Distinct texts whose token is not remembered."""
    return pc.unique(texts.filter(pc.invert(pc.is_in(texts, value_set=memory.texts)))).drop_null()
