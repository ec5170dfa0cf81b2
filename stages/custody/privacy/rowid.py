"""Keyed row ids: what a released row is called, and the order in which rows stand.

A row's id is its line number, as one 128-bit block, under AES-256 with a key of its own release, source, file and
pseudonym epochs. So two releases of one zone share no id, and ids do not join pseudonyms of two epochs. One block
under a fixed key is a permutation (FIPS 197), so ids of one file never collide, and without the key neither an id nor
the order of ids tells a line number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.policy.dataset import Dataset
    from custody.records.zone import Zone

Blocks: TypeAlias = "NDArray[np.uint64]"
"""One row per id: two 64-bit halves, the high one first."""


def row_ids(zone: Zone, dataset: Dataset, source: str, file: str, lines: NDArray[np.int64]) -> Blocks:
    """Return the ids of the records that start at these lines of one file, shape (n, 2).

    Of `dataset`, its name and audience count.
    """
    return blocks(zone.derive(f"row-id/{dataset.name}/{dataset.audience}/{source}/{file}/{zone.generation}"), lines)


def blocks(key: bytes, lines: NDArray[np.int64]) -> Blocks:
    """Return each line number as one block under a 256-bit key: distinct numbers, distinct blocks."""
    plain = np.zeros((len(lines), 2), dtype=">u8")
    plain[:, 1] = lines
    # One block per record and no two alike: what ECB gives away, equal blocks, cannot occur.
    cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305  # see above
    encryptor = cipher.encryptor()
    secret = encryptor.update(plain.tobytes()) + encryptor.finalize()
    return np.frombuffer(secret, dtype=">u8").astype(np.uint64).reshape(-1, 2)


def order(ids: Blocks) -> NDArray[np.intp]:
    """Return the places of the ids in ascending order, the order of their text."""
    places = np.argsort(ids[:, 0])
    if (np.diff(ids[places, 0]) == 0).any():
        return np.lexsort((ids[:, 1], ids[:, 0]))
    return places


def text(ids: Blocks) -> pa.Array:
    """Return each id as 32 hex digits, a string array."""
    digits = ids.astype(">u8").tobytes().hex().encode()
    offsets = np.arange(len(ids) + 1, dtype=np.int32) * 32
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(digits))
