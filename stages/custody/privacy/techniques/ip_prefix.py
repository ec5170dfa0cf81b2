"""ip_prefix: addresses that keep who shares a network with whom, and lose which network it is (Crypto-PAn).

Two addresses that share their first n bits share exactly the first n bits afterwards: bit i of the result is bit i of
the address, XOR the first bit of AES(key, first i bits of the address, then the pad's). Xu, Fan, Ammar and Moon,
"Prefix-Preserving IP Address Anonymization", ICNP 2002; IPv6 is the same over 128 bits. IPv4 and IPv6 have keys and
pads of their own. Prefix preservation is also its weakness: who knows some pairs knows their prefixes, so it is
refused for external audiences.

Each bit is decided from the address's first bits and a fixed pad. Where the address goes on as the pad does, the next
bit is decided from the same block and kept or flipped alike. So a kept bit is followed by another with a chance of 3/4,
not 1/2, and about one IPv4 address in 15,000 is its own image, ½·(¾)³¹, where a random permutation has one in 2³².
(IPv6: one in 10¹⁶.) Such an address would stand in a release as it is: it has no image here, and in text it becomes
`<ip>`. All other images stay what the algorithm says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from custody.privacy.canonical import canonical
from custody.privacy.techniques import addresses, tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.policy.schema import FieldType
    from custody.policy.techniques import IpPrefix
    from custody.records.zone import Zone

BLOCK = 16
"""Bytes of an AES block, and of each half of a key: cipher key, then the block that encrypts to the pad."""
AT_ONCE = 2**9
"""Addresses per call of AES: their blocks, 1 MB for IPv6, stay in the processor's cache."""


def apply(values: pa.Array, column: IpPrefix, kind: FieldType, zone: Zone) -> pa.Array:
    """Return each address's prefix-preserving image, an address of the same family (strings; null stays null).

    Null too for an address that is its own image.
    """
    key = zone.pseudonym("ip-prefix", column.domain, 4 * BLOCK)
    keys = {addresses.V4: key[: 2 * BLOCK], addresses.V6: key[2 * BLOCK :]}

    def make(texts: pa.Array) -> pa.Array:
        spelled = lambda packed: addresses.spell(preserve(packed, keys[packed.shape[1]]))  # noqa: E731  # one use
        return pa.array(addresses.rewrite(texts.to_pylist(), spelled), pa.string())

    images = tokens.write(values, kind, key, make)
    return pc.if_else(pc.not_equal(images, canonical(values, kind)), images, None)


def preserve(packed: NDArray[np.uint8], key: bytes) -> NDArray[np.uint8]:
    """Crypto-PAn over addresses of shape (n, 4) or (n, 16) under a 32-byte key; same shape."""
    # AES in ECB mode is the paper's random function of one block; no message is encrypted with it.
    encryptor = Cipher(AES(key[:BLOCK]), ECB()).encryptor()  # noqa: S305  # see above
    pad = np.frombuffer(encryptor.update(key[BLOCK:]), dtype=np.uint8)
    preserved, blocks = packed.copy(), _Blocks(packed.shape[1], pad)
    encrypted = np.empty(blocks.bytes.nbytes + BLOCK - 1, dtype=np.uint8)
    for at in range(0, len(packed), AT_ONCE):
        part = preserved[at : at + AT_ONCE]
        filled = blocks.fill(part)
        encryptor.update_into(filled.reshape(-1).data, encrypted.data)
        first = encrypted[: filled.size : BLOCK].reshape(filled.shape[:2]) >> 7
        part ^= np.packbits(first, axis=1)
    return preserved


class _Blocks:
    """Blocks of every prefix of some addresses: first bits of the address, then the pad's; made once, filled often."""

    def __init__(self, size: int, pad: NDArray[np.uint8]) -> None:
        bits = size * 8
        self._word = np.dtype(np.uint32 if size == addresses.V4 else np.uint64)
        masks = np.packbits(np.tri(bits, bits, -1, dtype=np.uint8), axis=1)  # row i: the first i bits
        self._masks, self._rest = masks.view(self._word), (pad[:size] & ~masks).view(self._word)
        self.bytes = np.tile(pad, (AT_ONCE, bits, 1))
        self._heads = self.bytes.view(self._word)[:, :, : self._masks.shape[1]]

    def fill(self, packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the blocks of at most `AT_ONCE` addresses, shape (n, bits, BLOCK)."""
        words = np.ascontiguousarray(packed).view(self._word)
        np.bitwise_or(words[:, None, :] & self._masks, self._rest, out=self._heads[: len(packed)])
        return self.bytes[: len(packed)]
