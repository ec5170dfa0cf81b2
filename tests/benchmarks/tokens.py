"""What keyed tokens cost, next to hashing row by row.

usage: python tests/benchmarks/tokens.py [ROWS]        (default: 1000000)

mac over five columns against hmac.new through pandas' `apply`; ip_prefix over distinct addresses against Crypto-PAn
written one address and one bit after the other, as libraries for single addresses are. CPU seconds of one run each; the
row-by-row sides run on a sample and are scaled up.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib.util
import ipaddress
import random
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from custody.policy.techniques import Mac
from custody.privacy.techniques import ip_prefix, mac, tokens
from custody.records.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Callable

ZONE = Zone("bench", b"k" * 32)
PARTITION = 65_536
PEOPLE = 50_000
SAMPLE = 2_000


def main() -> None:
    """Print both ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    draw = np.random.default_rng(7)
    columns = {
        f"c{i}": pa.array([f"person.{i}.{n}" for n in draw.integers(PEOPLE, size=rows).tolist()]) for i in range(5)
    }
    ours = clocked(lambda: [pseudonyms(name, values) for name, values in columns.items()])
    some = pd.DataFrame({name: values.slice(0, SAMPLE * 10).to_pandas() for name, values in columns.items()})
    slow = clocked(lambda: [some[name].apply(row_by_row) for name in some]) * rows / len(some)
    print(f"five columns of {rows:,} rows, {PEOPLE:,} people each")
    print(f"  mac {ours:.2f} s, apply {slow:.2f} s: {slow / ours:.0f} times as fast")
    for bits in (32, 128):
        addresses(bits, rows)


def pseudonyms(name: str, values: pa.Array) -> int:
    """Pseudonyms of a column, partition by partition; nothing is remembered from before."""
    tokens._remembered.clear()
    column = Mac(role="direct", technique="mac", domain=name)
    for at in range(0, len(values), PARTITION):
        mac.apply(values.slice(at, PARTITION), column, "user", ZONE)
    return len(values)


def row_by_row(text: str) -> str:
    """One pseudonym."""
    return hmac.new(ZONE.secret, text.strip().lower().encode(), hashlib.sha256).hexdigest()[:30]


def addresses(bits: int, rows: int) -> None:
    """Compare ip_prefix with one address after the other."""
    draw, key = random.Random(bits), bytes(range(32))  # noqa: S311  # made-up data
    count = min(rows, 200_000)
    numbers = [draw.getrandbits(bits) for _ in range(count)]
    packed = np.frombuffer(b"".join(n.to_bytes(bits // 8, "big") for n in numbers), dtype=np.uint8)
    ours = clocked(partial(ip_prefix.preserve, packed.reshape(-1, bits // 8), key)) / count
    texts = [str(ipaddress.ip_address(number)) for number in numbers[:SAMPLE]]
    one = library(key)
    slow = clocked(lambda: [one(text) for text in texts]) / SAMPLE
    label, times = f"IPv{4 if bits < 128 else 6}", slow / ours  # bits of an address
    print(f"  {label}: {ours * 1e6:.2f} µs, one by one {slow * 1e6:.0f} µs: {times:.0f} times as fast")


def library(key: bytes) -> Callable[[str], str]:
    """Return the library for single addresses where it is installed (`pip install yacryptopan`), else our own."""
    if importlib.util.find_spec("yacryptopan") is None:
        return partial(one_address, key=key)
    return importlib.import_module("yacryptopan").CryptoPAn(key).anonymize  # type: ignore[no-any-return]


def one_address(text: str, key: bytes) -> str:
    """Crypto-PAn of one address, one bit after the other, the cipher made once per address as libraries do."""
    address = ipaddress.ip_address(text)
    bits = address.max_prefixlen
    aes = Cipher(algorithms.AES(key[:16]), modes.ECB()).encryptor()  # noqa: S305  # the paper's
    pad, result = int.from_bytes(aes.update(key[16:]), "big"), 0
    for i in range(bits):
        first = int(address) >> (bits - i) << (128 - i) if i else 0
        block = first | pad & ((1 << (128 - i)) - 1)
        result = result << 1 | aes.update(block.to_bytes(16, "big"))[0] >> 7
    return str(type(address)(int(address) ^ result))


def clocked(work: Callable[[], Any]) -> float:
    """CPU seconds, the best of two."""
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


if __name__ == "__main__":
    main()
