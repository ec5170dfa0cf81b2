from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custody.errors import CustodyError
from sources.reads import whole

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = b"a,b\n" + b"".join(b"%d,value of %d\n" % (i, i * i) for i in range(20_000))


def zipped(data: bytes, *names: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        archive.mkdir("folder")
        for name in names or ("one.csv",):
            archive.writestr(name, data)
    return sink.getvalue()


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return bytes(sink.getvalue())


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd,
    "zip": zipped,
}
SINGLE = pytest.mark.parametrize("name", COMPRESS)


def rows(data: bytes, **format_: object) -> int:
    return whole(data, ["a", "b"], type="csv", **format_).rows


@SINGLE
def test_compressed_content_reads_as_the_plain_content(name: str) -> None:
    assert whole(COMPRESS[name](PLAIN), ["a", "b"], type="csv") == whole(PLAIN, ["a", "b"], type="csv")


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz", "zstd"])
def test_members_one_after_another_are_one_file(name: str) -> None:
    half = PLAIN.index(b"\n", len(PLAIN) // 2)
    assert rows(COMPRESS[name](PLAIN[:half]) + COMPRESS[name](PLAIN[half:])) == 20_000


def test_padding_between_and_after_xz_streams_is_passed_over() -> None:
    one, two = lzma.compress(PLAIN), lzma.compress(b"x,y\n")
    assert rows(one + bytes(4) + two + bytes(200_000)) == 20_001
    for wrong in (one + bytes(3), one + bytes(5) + two):
        with pytest.raises(CustodyError, match="damaged"):
            rows(wrong)


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz", "zstd"])
@pytest.mark.parametrize("size", [1, 2, 4, 9])
def test_anything_else_after_a_stream_stops(name: str, size: int) -> None:
    with pytest.raises(CustodyError, match="damaged"):
        rows(COMPRESS[name](PLAIN) + b"noise more"[:size])


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz", "zstd"])
def test_a_second_stream_that_is_damaged_or_cut_off_stops(name: str) -> None:
    one, two = COMPRESS[name](PLAIN), COMPRESS[name](b"x,y\n")
    damaged = bytes([two[0], two[1] ^ 1]) + two[2:]
    for second in (damaged, *(two[:size] for size in range(1, len(two)))):
        with pytest.raises(CustodyError, match="damaged"):
            rows(one + second)


def test_zeros_after_gzip_are_padding() -> None:
    assert rows(gzip.compress(PLAIN) + bytes(7)) == 20_000


@pytest.mark.parametrize("number", range(16))
def test_a_skippable_frame_is_zstd(number: int) -> None:
    frame = struct.pack("<II", 0x184D2A50 + number, 5) + b"hello"
    assert rows(frame + zstd(PLAIN) + frame) == 20_000


@SINGLE
def test_cut_data_stops(name: str) -> None:
    data = COMPRESS[name](PLAIN)
    for size in (len(data) - 3, len(data) // 2, 12):
        with pytest.raises(CustodyError, match="damaged"):
            rows(data[:size])


@SINGLE
def test_damaged_data_stops_without_a_value(name: str) -> None:
    data = bytearray(COMPRESS[name](PLAIN))
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    with pytest.raises(CustodyError, match="damaged") as stopped:
        rows(bytes(data))
    assert "value" not in str(stopped.value)


@SINGLE
def test_a_bomb_stops_at_the_declared_limit(name: str) -> None:
    bomb = COMPRESS[name](b"a,b\n" + b"0,0\n" * 5_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(CustodyError, match="expands beyond 1000000 bytes"):
        rows(bomb, max_expanded_bytes=1_000_000)


def test_an_archive_of_several_files_or_none_stops() -> None:
    for names in [("a.csv", "b.csv"), ()]:
        data = zipped(PLAIN, *names) if names else b"PK\x05\x06" + bytes(18)
        with pytest.raises(CustodyError, match=f"holds {len(names)} files"):
            rows(data)


def test_an_encrypted_archive_stops() -> None:
    data = bytearray(zipped(PLAIN))
    at = data.rindex(b"PK\x01\x02")  # of the file, whose entry stands last in the directory
    data[at + 8] |= 1
    with pytest.raises(CustodyError, match="encrypted"):
        rows(bytes(data))


def test_text_that_starts_like_a_compression_is_text() -> None:
    assert whole(b"BZh9,b\n1,2\n", ["b"], type="csv").columns == {"b": ["2"]}


def test_other_formats_are_read_compressed_too() -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"a": [1, 2]}), sink)
    assert whole(gzip.compress(sink.getvalue()), ["a"], type="parquet").columns == {"a": [1, 2]}
    assert whole(zipped(b"Subject: hi\n\ntext"), ["subject"], type="document", kind="email").columns == {
        "subject": ["hi"]
    }
    assert whole(zstd(b'[{"a":1}]'), ["a"], type="json").columns == {"a": ["1"]}


class Pipe(io.BytesIO):
    """A stream that cannot go back."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


@SINGLE
def test_a_stream_that_cannot_go_back_is_read(name: str) -> None:
    assert whole(Pipe(COMPRESS[name](PLAIN)), ["a"], type="csv").rows == 20_000
    assert whole(Pipe(PLAIN), ["a"], type="csv").rows == 20_000


def test_the_given_stream_stays_open() -> None:
    for data in (PLAIN, gzip.compress(PLAIN), zipped(PLAIN)):
        stream = io.BytesIO(data)
        whole(stream, ["a"], type="csv")
        assert not stream.closed
