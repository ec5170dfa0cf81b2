from __future__ import annotations

import ipaddress
import random

import numpy as np
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.techniques import IpPrefix
from custody.privacy.techniques import ip_prefix
from support import ZONE

NETWORK = IpPrefix(role="direct", technique="ip_prefix", domain="network")
# Key and addresses of the authors' own sample program.
REFERENCE_KEY = bytes.fromhex("1522178d33a4cf80130a5b1649907d10d8988f837979652762574c2d2a842202")
REFERENCE = {
    "128.11.68.132": "135.242.180.132",
    "129.118.74.4": "134.136.186.123",
    "130.132.252.244": "133.68.164.234",
    "141.223.7.43": "141.167.8.160",
    "141.233.145.108": "141.129.237.235",
}
V4 = st.integers(0, 2**32 - 1).map(lambda number: str(ipaddress.IPv4Address(number)))
V6 = st.integers(0, 2**128 - 1).map(lambda number: str(ipaddress.IPv6Address(number)))


def images(addresses: list[str]) -> list[str]:
    result: list[str] = ip_prefix.apply(pa.array(addresses, pa.string()), NETWORK, "ip", ZONE).to_pylist()
    return result


def oracle(address: int, bits: int, key: bytes) -> int:
    """The paper's definition, one bit after the other, on Python's integers."""
    aes = Cipher(algorithms.AES(key[:16]), modes.ECB()).encryptor()  # noqa: S305  # the paper's
    pad = int.from_bytes(aes.update(key[16:]), "big")
    result = 0
    for i in range(bits):
        first = address >> (bits - i) << (128 - i) if i else 0
        block = first | pad & ((1 << (128 - i)) - 1)
        result = result << 1 | aes.update(block.to_bytes(16, "big"))[0] >> 7
    return address ^ result


def test_the_published_vectors_come_out() -> None:
    packed = np.array([list(ipaddress.IPv4Address(one).packed) for one in REFERENCE], dtype=np.uint8)
    preserved = ip_prefix.preserve(packed, REFERENCE_KEY)
    assert [str(ipaddress.IPv4Address(row.tobytes())) for row in preserved] == list(REFERENCE.values())


@pytest.mark.parametrize(("bits", "count"), [(32, 2500), (128, 700)])
def test_it_equals_an_independent_implementation(bits: int, count: int) -> None:
    seeded = random.Random(bits)  # noqa: S311  # repeatable test data
    numbers = [seeded.getrandbits(bits) for _ in range(count)] + [0, 1, 2**bits - 1]
    packed = np.frombuffer(b"".join(number.to_bytes(bits // 8, "big") for number in numbers), dtype=np.uint8)
    preserved = ip_prefix.preserve(packed.reshape(-1, bits // 8), REFERENCE_KEY)
    assert [int.from_bytes(row.tobytes(), "big") for row in preserved] == [
        oracle(n, bits, REFERENCE_KEY) for n in numbers
    ]


@pytest.mark.parametrize("bits", [32, 128])
def test_it_equals_a_published_library(bits: int) -> None:
    library = pytest.importorskip("yacryptopan", reason="needs requirements-bench.lock").CryptoPAn(REFERENCE_KEY)
    seeded = random.Random(bits + 1)  # noqa: S311  # repeatable test data
    packed = np.frombuffer(seeded.randbytes(3000 * bits // 8), dtype=np.uint8).reshape(3000, -1)
    texts = [str(ipaddress.ip_address(row.tobytes())) for row in packed]
    preserved = [ipaddress.ip_address(row.tobytes()) for row in ip_prefix.preserve(packed, REFERENCE_KEY)]
    assert preserved == [ipaddress.ip_address(library.anonymize(text)) for text in texts]


def test_many_addresses_are_the_same_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = np.arange(4 * 100, dtype=np.uint8).reshape(-1, 4)
    whole = ip_prefix.preserve(packed, REFERENCE_KEY)
    monkeypatch.setattr(ip_prefix, "AT_ONCE", 7)
    assert (ip_prefix.preserve(packed, REFERENCE_KEY) == whole).all()


@given(st.one_of(st.lists(V4, min_size=2, max_size=2), st.lists(V6, min_size=2, max_size=2)), st.integers(0, 128))
def test_two_addresses_share_exactly_the_prefix_that_they_shared(pair: list[str], flipped: int) -> None:
    first = ipaddress.ip_address(pair[0])
    second = type(first)(int(first) ^ int(ipaddress.ip_address(pair[1])) >> min(flipped, first.max_prefixlen))
    after = [int(ipaddress.ip_address(one)) for one in images([str(first), str(second)])]
    assert (after[0] ^ after[1]).bit_length() == (int(first) ^ int(second)).bit_length()


@given(st.lists(st.one_of(V4, V6), max_size=20))
def test_distinct_addresses_stay_distinct_and_of_their_family(addresses: list[str]) -> None:
    written = images(addresses)
    canonical = [ipaddress.ip_address(one) for one in addresses]
    assert [ipaddress.ip_address(one).version for one in written if "::ffff:" not in one] == [
        one.version for one, image in zip(canonical, written, strict=True) if "::ffff:" not in image
    ]
    assert all(str(ipaddress.ip_address(one)) == one for one in written)


def test_equal_addresses_have_one_image_in_every_partition_and_null_stays_null() -> None:
    whole = ip_prefix.apply(pa.array(["10.0.0.1", None, "2001:db8::1", "10.0.0.1"]), NETWORK, "ip", ZONE).to_pylist()
    assert whole[0] == whole[3] == images(["10.0.0.1"])[0]
    assert whole[1] is None
    assert whole[2] == images(["2001:db8::1"])[0]


def test_the_families_have_keys_of_their_own() -> None:
    v4, v6 = images(["255.0.0.0", "ff00::"])
    assert ipaddress.ip_address(v4).packed != ipaddress.ip_address(v6).packed[:4]


def test_domains_are_apart() -> None:
    other = IpPrefix(role="direct", technique="ip_prefix", domain="partners")
    assert ip_prefix.apply(pa.array(["10.0.0.1"]), other, "ip", ZONE).to_pylist() != images(["10.0.0.1"])


def test_what_is_no_address_stops_the_run_without_being_shown() -> None:
    with pytest.raises(CustodyError, match="no address") as caught:
        images(["alice-at-home"])
    assert "alice" not in str(caught.value)
