"""One bit per record: eight records to a byte, the first in the lowest bit, as Arrow lays out its booleans."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]
"""One bool per record."""
Bits: TypeAlias = NDArray[np.uint8]
"""A packed mask; unused bits of the last byte are 0."""


def pack(mask: Mask) -> Bits:
    """Return the mask in an eighth of the memory."""
    return np.packbits(mask, bitorder="little")


def unpack(bits: Bits, rows: int) -> Mask:
    """Return the first `rows` bits as a mask."""
    return np.unpackbits(bits, count=rows, bitorder="little").view(np.bool_)


def count(bits: Bits) -> int:
    """Return how many bits are set."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))
