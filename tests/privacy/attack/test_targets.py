"""What could be a digest is read as one, in every spelling, and merging does not depend on the parts."""

from __future__ import annotations

import base64
import hashlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.attack import targets as read

SEED = 7
DIGEST = hashlib.sha256(b"alice").digest()
FIRST = int.from_bytes(DIGEST[:8], "big")
SPELLINGS = [
    DIGEST.hex(),
    DIGEST.hex().upper(),
    DIGEST.hex()[:16],
    base64.b32encode(DIGEST).decode(),
    base64.b32encode(DIGEST).decode().rstrip("=").lower()[:24],  # as a pseudonym is spelled
    base64.b64encode(DIGEST).decode(),
    base64.b64encode(DIGEST).decode().rstrip("=")[:11],
    base64.urlsafe_b64encode(DIGEST).decode(),
    str(FIRST),
]


def targets(texts: list[str | None]) -> read.Targets:
    return read.targets(pa.chunked_array([pa.array(texts, pa.string())]), SEED)


@pytest.mark.parametrize("text", SPELLINGS)
def test_the_first_bits_of_a_digest_are_read_in_every_spelling(text: str) -> None:
    assert FIRST in targets([text, None]).long.tolist()


@pytest.mark.parametrize(
    "text", ["3b2f9a01", "3B2F9A01", str(0x3B2F9A01), base64.b64encode(b"\x3b\x2f\x9a\x01").decode()]
)
def test_32_bits_are_read_where_there_are_no_more(text: str) -> None:
    found = targets([text])
    assert 0x3B2F9A01 in found.short.tolist()
    assert len(found.long) == 0


@pytest.mark.parametrize(
    "text", ["", "abc", "two words here", "192.0.2.1", "a" * 201, "日本語日本語日本語", str(2**64)]
)
def test_what_is_no_digest_is_none(text: str) -> None:
    found = targets([text])
    assert len(found.short) == 0
    assert len(found.long) == 0 or text.isdecimal()


@pytest.mark.parametrize("text", ["user={} in", "{},{}", "https://x.example/?u={}", "({})\n"])
def test_a_digest_inside_of_a_text_is_read(text: str) -> None:
    assert FIRST in targets([text.replace("{}", DIGEST.hex())]).long.tolist()
    assert FIRST in targets([text.replace("{}", DIGEST.hex().upper()[:16])]).long.tolist()


def test_no_value_at_all_is_no_target() -> None:
    assert len(targets([])) == len(targets([None, None])) == 0


def test_a_dictionary_is_read_as_any_text() -> None:
    encoded = pa.chunked_array([pa.array(SPELLINGS).dictionary_encode()])
    assert np.array_equal(read.targets(encoded, SEED).long, targets([*SPELLINGS]).long)


@given(st.lists(st.sampled_from(SPELLINGS) | st.text("0123456789abcdef", min_size=6, max_size=20)), st.integers(0, 9))
def test_targets_do_not_depend_on_parts_or_order(texts: list[str], cut: int) -> None:
    whole = targets([*texts])
    parts = read.merge([targets([*texts[cut:][::-1]]), targets([*texts[:cut]])])
    for name in ("long", "short", "whole"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))
        assert (np.diff(getattr(whole, name).astype(object)) > 0).all()
