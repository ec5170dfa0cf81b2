"""What keyed tokens cost, next to the same work row by row.

usage: python tests/benchmarks/tokens.py [ROWS]        (default: 1000000)

mac over columns, partition by partition, next to pandas' `apply` of a function that makes the same token of one text:
canonical form, HMAC-SHA-256, base32. Five columns of 50,000 people each, and one in which no value stands twice, where
nothing but the work per value counts. ip_prefix over distinct addresses, next to yacryptopan (of
requirements-bench.lock), which takes one address at a time, and next to lean code of our own that does. All give the
same tokens and addresses, or the run ends. CPU seconds; the row-by-row sides run on a sample and are scaled up.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import ipaddress
import random
import sys
import unicodedata
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "stages"), str(ROOT / "tests")]

from benchmarks.clock import clocked  # noqa: E402  # runs from its file
from custody.policy.techniques import Mac  # noqa: E402
from custody.privacy.techniques import ip_prefix, mac, tokens  # noqa: E402
from custody.records.parquet import ROW_GROUP  # noqa: E402
from custody.records.zone import Zone  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

ZONE = Zone("bench", b"k" * 32)
PEOPLE = 50_000
SAMPLE = 3_000


def main() -> None:
    """Print the ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    draw = np.random.default_rng(7)
    columns = {
        f"c{i}": pa.array([f"Person.{i}.{n} " for n in draw.integers(PEOPLE, size=rows).tolist()]) for i in range(5)
    }
    print(f"mac over {rows:,} rows")
    compare(f"five columns of {PEOPLE:,} people each", columns)
    compare("one column, no value twice", {"distinct": pa.array([f"Person.{n} " for n in range(rows)])})
    for bits in (32, 128):
        addresses(bits, rows)


def compare(label: str, columns: dict[str, pa.Array]) -> None:
    """Print what both ways cost for all columns."""
    rows = len(next(iter(columns.values())))
    ours = clocked(lambda: [pseudonyms(name, values) for name, values in columns.items()])
    some = pd.DataFrame({name: values.slice(0, SAMPLE * 10).to_pandas() for name, values in columns.items()})
    single = {name: one_by_one(ZONE.pseudonym("pseudonym", name)) for name in columns}
    slow = clocked(lambda: [some[name].apply(single[name]) for name in columns]) * rows / len(some)
    for name in columns:
        assert some[name].apply(single[name]).tolist() == pseudonyms(name, pa.array(some[name].tolist())).to_pylist()
    print(f"  {label}: {ours:.2f} s, apply {slow:.2f} s: {slow / ours:.1f} times as fast")


def pseudonyms(name: str, values: pa.Array) -> pa.ChunkedArray:
    """Pseudonyms of a column, partition by partition; nothing is remembered from before."""
    tokens._remembered.clear()
    column = Mac(role="direct", technique="mac", domain=name)
    parts = [values.slice(at, ROW_GROUP) for at in range(0, len(values), ROW_GROUP)]
    return pa.chunked_array([mac.apply(part, column, "user", ZONE) for part in parts])


def one_by_one(key: bytes) -> Callable[[str], str]:
    """Return what makes the pseudonym of one text."""

    def token(text: str) -> str:
        canonical = unicodedata.normalize("NFC", text).casefold().strip()
        digest = hmac.new(key, canonical.encode(), hashlib.sha256).digest()
        return base64.b32encode(digest[:15]).decode().lower()

    return token


def addresses(bits: int, rows: int) -> None:
    """Compare ip_prefix with one address after the other."""
    draw, key = random.Random(bits), bytes(range(32))  # noqa: S311  # made-up data
    count = min(rows, 200_000)
    numbers = [draw.getrandbits(bits) for _ in range(count)]
    packed = np.frombuffer(b"".join(n.to_bytes(bits // 8, "big") for n in numbers), dtype=np.uint8)
    packed = packed.reshape(-1, bits // 8)
    ours = clocked(partial(ip_prefix.preserve, packed, key)) / count
    texts = [str(ipaddress.ip_address(packed[i].tobytes())) for i in range(SAMPLE)]
    images = [ipaddress.ip_address(row.tobytes()) for row in ip_prefix.preserve(packed[:SAMPLE], key)]
    print(f"IPv{4 if bits < 128 else 6}: {ours * 1e6:.2f} µs an address")
    for label, one in libraries(key).items():
        slow = clocked(lambda one=one: [one(text) for text in texts]) / SAMPLE  # type: ignore[misc]
        assert [ipaddress.ip_address(one(text)) for text in texts] == images
        print(f"  {label} {slow * 1e6:.0f} µs: {slow / ours:.0f} times as fast, {SAMPLE:,} addresses equal")


def libraries(key: bytes) -> dict[str, Callable[[str], str]]:
    """Return what takes one address at a time: the library, which must be installed, and our own."""
    if importlib.util.find_spec("yacryptopan") is None:
        sys.exit("yacryptopan is missing: python -m pip install --no-deps --require-hashes -r requirements-bench.lock")
    library = importlib.import_module("yacryptopan").CryptoPAn(key)
    return {"yacryptopan": library.anonymize, "one by one, our own": partial(one_address, key=key)}


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


if __name__ == "__main__":
    main()
