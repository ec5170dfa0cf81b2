"""What is sealed opens unchanged under its label and key, and under nothing else."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.records import seal
from custody.records.zone import Zone
from support import ZONE

SIZES = [0, 1, seal.CHUNK - 1, seal.CHUNK, seal.CHUNK + 1, 2 * seal.CHUNK]


@pytest.mark.parametrize("size", SIZES)
def test_content_comes_back_and_equal_content_gives_equal_bytes(size: int) -> None:
    data = bytes(size)
    sealed = seal.seal(data, "collected/a", ZONE)
    assert seal.unseal(sealed, "collected/a", ZONE) == data
    assert seal.open_sealed(io.BytesIO(sealed), "collected/a", ZONE).read() == data
    assert seal.seal(data, "collected/a", ZONE) == sealed
    assert seal.seal(data, "collected/b", ZONE) != sealed


@settings(max_examples=60)
@given(data=st.binary(max_size=300), where=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(data: bytes, where: int, bit: int) -> None:
    sealed = bytearray(seal.seal(data, "x", ZONE))
    sealed[where % len(sealed)] ^= 1 << bit
    with pytest.raises(CustodyError):
        seal.unseal(bytes(sealed), "x", ZONE)


@given(cut=st.integers(1, 400))
def test_any_cut_tail_is_refused(cut: int) -> None:
    sealed = seal.seal(bytes(400), "x", ZONE)
    with pytest.raises(CustodyError):
        seal.unseal(sealed[:-cut], "x", ZONE)


def test_swapped_repeated_and_dropped_chunks_are_refused() -> None:
    data = b"a" * seal.CHUNK + b"b" * seal.CHUNK + b"c"
    sealed = seal.seal(data, "x", ZONE)
    size = seal.CHUNK + 16
    head, one, two, end = sealed[: seal.HEADER], *(sealed[seal.HEADER + i * size :][:size] for i in range(3))
    assert head + one + two + end == sealed
    for forged in (two + one + end, one + one + end, one + end, one + two, one + two + end + end):
        with pytest.raises(CustodyError):
            seal.unseal(head + forged, "x", ZONE)


def test_another_label_or_key_opens_nothing() -> None:
    sealed = seal.seal(b"content", "x", ZONE)
    for label, zone in (("y", ZONE), ("x", Zone("test", bytes(32)))):
        with pytest.raises(CustodyError, match="altered, belongs elsewhere or was sealed with another key"):
            seal.unseal(sealed, label, zone)


def test_a_stream_reports_the_damage_before_it_ends() -> None:
    sealed = bytearray(seal.seal(b"a" * (2 * seal.CHUNK), "x", ZONE))
    sealed[-1] ^= 1
    stream = seal.open_sealed(io.BytesIO(bytes(sealed)), "x", ZONE)
    with pytest.raises(CustodyError):
        while stream.read(1 << 16):
            pass


def test_a_file_that_changes_while_it_is_sealed_is_noticed() -> None:
    class Changing(io.BytesIO):
        def seek(self, *where: int) -> int:
            self.getbuffer()[0:1] = b"!"
            return super().seek(*where)

    with pytest.raises(CustodyError, match="changed while it was being sealed"):
        seal.seal_stream(Changing(b"content"), io.BytesIO(), "x", ZONE)


def test_keys_of_two_purposes_differ_and_the_secret_is_never_shown() -> None:
    assert ZONE.derive("a") != ZONE.derive("b")
    assert ZONE.secret.hex() not in repr(ZONE)
    assert str(ZONE.secret) not in repr(ZONE)
    assert len(ZONE.check) == 16
