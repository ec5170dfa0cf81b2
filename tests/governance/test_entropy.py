"""What no generator writes is refused, and what one writes is not."""

from __future__ import annotations

import hashlib

import pytest

from custody.governance import entropy

RANDOM = hashlib.sha256(b"of this test").digest()


@pytest.mark.parametrize(
    "secret",
    [
        b"",
        b"short",
        bytes(32),
        b"\xff" * 32,
        bytes(range(32)),
        bytes(range(200, 168, -1)),
        bytes((i * 7) % 256 for i in range(32)),
        bytes(range(0x90, 0xA0)) * 2,
        RANDOM[:8] * 4,
        RANDOM[:31],
        RANDOM + b"\xfe",
        b"correct horse battery staple abcd",
        b"correct horse battery staple abc"[:32],
        b"Zj8kQ2mW5xR1vT7yB3nL9pC4dF6gH0sA",
        "käse-und-brot-für-alle-häute-öl".encode()[:32],
        b"0123456789abcdef0123456789abcdef",
    ],
)
def test_a_constant_a_counter_a_pattern_and_text_are_weak(secret: bytes) -> None:
    assert entropy.is_weak(secret)


def test_random_secrets_pass() -> None:
    assert not any(entropy.is_weak(hashlib.sha256(b"%d" % i).digest()) for i in range(20_000))
