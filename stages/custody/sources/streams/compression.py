"""Compressed input, found by its first bytes and expanded as it is read.

gzip (RFC 1952, several members), bzip2, xz, Zstandard (RFC 8878) and zip with one file in it. What expands beyond the
declared limit, is cut off, damaged or encrypted stops the run: a compressed file cannot be read from its middle on.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

import pyarrow as pa

from custody.errors import CustodyError
from custody.sources.streams.concatenated import Concatenated
from custody.sources.streams.spool import spooled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAGIC = {
    b"\x1f\x8b\x08": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    **{bytes([0x50 + i, 0x2A, 0x4D, 0x18]): "zstd" for i in range(16)},  # a skippable frame: RFC 8878, 3.1.2
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
}
BZIP2_BLOCK = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")  # a block, or the end of an empty stream; text starts BZh too
HEAD = 10

DAMAGE = (EOFError, lzma.LZMAError, zipfile.BadZipFile, zlib.error, pa.ArrowInvalid, NotImplementedError, RuntimeError)


def expand(stream: BinaryIO, limit: int) -> BinaryIO:
    """Return a stream of the plain content of `stream`, which is `stream` itself where nothing is compressed.

    Reading raises `CustodyError` where the data is damaged or cut off, or expands beyond `limit` bytes. Another stream
    than `stream` is the caller's to close.
    """
    source = stream if stream.seekable() else spooled(stream)
    start = source.tell()
    head = source.read(HEAD)
    source.seek(start)
    name = compression(head)
    if name is None:
        return source
    with ExitStack() as stack:
        owned = [] if source is stream else [stack.enter_context(source)]
        inner = OPENERS[name](source)
        stack.pop_all()
    return cast("BinaryIO", io.BufferedReader(Expanding(inner, name, limit, owned), 2**18))


def compression(head: bytes) -> str | None:
    """Return the compression that a file starting with `head` (10 bytes) is in, or None."""
    name = next((name for magic, name in MAGIC.items() if head.startswith(magic)), None)
    if name == "bzip2" and head[4:10] not in BZIP2_BLOCK:
        return None
    return name


class Expanding(io.RawIOBase):
    """Reads from a decompressor, counts what comes out and turns its errors into ours."""

    def __init__(self, inner: BinaryIO, name: str, limit: int, owned: Sequence[BinaryIO]) -> None:
        super().__init__()
        self._inner, self._name, self._limit, self._owned = inner, name, limit, owned
        self._count = 0

    def readable(self) -> bool:
        """Say that it can be read; it cannot be sought in."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill `buffer` with as much plain content as one read of the decompressor gives."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # io gives a writable buffer
        try:
            data = self._inner.read(len(view))
        except DAMAGE:
            raise self._damaged() from None
        except OSError as error:
            if error.errno is not None:
                raise
            raise self._damaged() from None
        self._count += len(data)
        if self._count > self._limit:
            raise CustodyError(
                f"the {self._name} data expands beyond {self._limit} bytes; "
                "raise format.max_expanded_bytes if the file is meant to be that large"
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the decompressor and what lies under it, but not the stream that was given."""
        if not self.closed:
            with ExitStack() as stack:
                for stream in (*self._owned, self._inner):
                    stack.callback(stream.close)
        super().close()

    def _damaged(self) -> CustodyError:
        return CustodyError(f"the {self._name} data is damaged or cut off; fetch the file again")


class _Member(io.RawIOBase):
    """The one file of a zip archive, with the archive and its copy."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stack = ExitStack()  # closed on the way out even where opening fails
        with ExitStack() as stack:
            copy = stack.enter_context(
                closing(spooled(stream))
            )  # an archive is read from its end, a sealed file is not
            try:
                archive = stack.enter_context(zipfile.ZipFile(copy))
                self._file = stack.enter_context(archive.open(_only(archive)))
            except (*DAMAGE, ValueError):
                raise CustodyError("the zip archive is damaged, or in a method that cannot be read") from None
            self._stack = stack.pop_all()

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def close(self) -> None:
        if not self.closed:
            self._stack.close()
        super().close()


def _only(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise CustodyError(f"the zip archive holds {len(members)} files; it must hold exactly one")
    if members[0].flag_bits & 1:
        raise CustodyError("the zip archive is encrypted; give the file without a password")
    return members[0]


def _zip(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", _Member(stream))


def _gzip(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))


def _bzip2(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", Concatenated(stream, bz2.BZ2Decompressor, padded=False))


def _xz(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", Concatenated(stream, partial(lzma.LZMADecompressor, lzma.FORMAT_XZ), padded=True))


def _zstd(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd"))


OPENERS: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    "gzip": _gzip,
    "bzip2": _bzip2,
    "xz": _xz,
    "zstd": _zstd,
    "zip": _zip,
}
