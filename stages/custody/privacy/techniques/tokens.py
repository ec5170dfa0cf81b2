"""Tokens: one per distinct value, written once and remembered.

A keyed primitive costs a microsecond or more, so it runs per distinct canonical value, and values that an earlier
partition had are taken from memory. What is remembered changes no result: it is a function of key and text alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

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

_remembered: dict[bytes, dict[str, str]] = {}


def write(values: pa.Array, kind: FieldType, key: bytes, make: Callable[[list[str]], list[str]]) -> pa.Array:
    """Return a token per value (strings; null stays null); distinct values get distinct ones.

    `CustodyError` where two would share one. `make` turns distinct canonical texts into tokens, by `key` alone.
    """
    encoded = values.dictionary_encode()
    texts = canonical(encoded.dictionary, kind).to_pylist()
    distinct = list(dict.fromkeys(texts))
    token = dict(zip(distinct, _remember(key, distinct, make), strict=True))
    if len(set(token.values())) != len(token):
        raise CustodyError("privacy: two values got one token; nothing was written; report this")
    return pa.array([token[text] for text in texts], pa.string()).take(encoded.indices)


def spell(packed: NDArray[np.uint8]) -> list[str]:
    """Base32 in lower case, without padding; shape (rows, bytes), bytes a multiple of 5."""
    rows, size = packed.shape
    bits = np.unpackbits(packed, axis=1).reshape(rows, size * 8 // 5, 5)
    letters = ALPHABET[np.packbits(bits, axis=2)[:, :, 0] >> 3]
    return [str(text) for text in np.ascontiguousarray(letters).view(f"S{size * 8 // 5}").ravel().astype(str)]


def _remember(key: bytes, texts: list[str], make: Callable[[list[str]], list[str]]) -> list[str]:
    memory = _remembered.setdefault(key, {})
    missing = [text for text in texts if text not in memory]
    if len(memory) + len(missing) > LIMIT:
        memory.clear()
        missing = texts
    made = dict(zip(missing, make(missing), strict=True)) if missing else {}
    tokens = [made[text] if text in made else memory[text] for text in texts]
    if len(made) <= LIMIT:
        memory.update(made)
    return tokens
