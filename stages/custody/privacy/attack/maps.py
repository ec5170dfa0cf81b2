"""Maps of addresses to addresses that need no secret: whoever knows them reads a prefix-preserved column.

Each is tried on pairs of an address and its image in the release. Over all addresses they could not be tried: every
image is the image of some address. A pair fits one of these maps by chance once in 2³² (IPv4).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np

from custody.privacy.techniques.ip_prefix import preserve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Packed = NDArray[np.uint8]

SAMPLE: Final = bytes.fromhex(
    "15 22 17 8d 33 a4 cf 80 13 0a 5b 16 49 90 7d 10 d8 98 8f 83 79 79 65 27 62 57 4c 2d 2a 84 22 02"
)
"""The key in the sample program that the authors of Crypto-PAn publish; many a tool still runs under it."""
ZERO: Final = bytes(32)
MOST: Final = 2**10
"""Pairs that are tried, evenly over their order: a map that fits, fits all."""


def _digest(name: str) -> Callable[[Packed], Packed]:
    def first(packed: Packed) -> Packed:
        size = packed.shape[1]
        digests = [hashlib.new(name, one.tobytes(), usedforsecurity=False).digest()[:size] for one in packed]
        return np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, size)

    return first


MAPS: Final[Mapping[str, Callable[[Packed], Packed]]] = {
    "crypto_pan_sample_key": lambda packed: preserve(packed, SAMPLE),
    "crypto_pan_zero_key": lambda packed: preserve(packed, ZERO),
    "complement": lambda packed: ~packed,
    "reversed_bytes": lambda packed: packed[:, ::-1],
    "md5": _digest("md5"),
    "sha1": _digest("sha1"),
    "sha256": _digest("sha256"),
}


def fits(packed: Packed, images: Packed) -> dict[str, int]:
    """Return how many pairs each map fits; both of shape (n, 4) or (n, 16)."""
    return {name: int((apply(packed) == images).all(axis=1).sum()) for name, apply in MAPS.items()}
