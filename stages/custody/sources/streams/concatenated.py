"""Streams of one compression, one after another, as one stream; nothing after the last of them is passed over.

The standard library's file classes for bzip2 and xz stop in silence at what they cannot decode after a whole stream, so
that a damaged second stream, or padding before it, loses all that follows.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = 2**16
UNIT = 4
"""Padding between xz streams is NUL bytes in multiples of this (the .xz file format, 2.2)."""


class Decompressor(Protocol):
    """What `bz2.BZ2Decompressor` and `lzma.LZMADecompressor` share."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was reached."""

    @property
    def needs_input(self) -> bool:
        """Whether it gives nothing more without more input."""

    @property
    def unused_data(self) -> bytes:
        """What came in after the end of the stream."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Take `data` in and return at most `max_length` bytes."""


class Concatenated(io.RawIOBase):
    """Reads all streams of `source`, each with a new decompressor from `make`, and `padded` ones with NUL between them.

    Reading raises `EOFError` where the last stream is cut off or the padding is of no whole units, and what the
    decompressor raises where anything but a stream follows a stream.
    """

    def __init__(self, source: BinaryIO, make: Callable[[], Decompressor], *, padded: bool) -> None:
        super().__init__()
        self._source, self._make, self._padded = source, make, padded
        self._decoder: Decompressor | None = None
        self._rest = b""
        self._between = False

    def readable(self) -> bool:
        """Say that it can be read; it cannot be sought in."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return some plain bytes, at most `size`; none at the end."""
        while True:
            decoder = self._decoder or self._next()
            if decoder is None:
                return b""
            data = decoder.decompress(self._input() if decoder.needs_input else b"", size)
            if decoder.eof:
                self._rest, self._decoder, self._between = decoder.unused_data, None, True
            if data:
                return data

    def _next(self) -> Decompressor | None:
        """Return the decompressor of the next stream, none at the end."""
        self._rest = self._rest or self._source.read(BLOCK)
        if self._padded and self._between:
            self._skip()
        self._decoder = self._make() if self._rest else None
        return self._decoder

    def _skip(self) -> None:
        padding = 0
        while self._rest:
            text = self._rest.lstrip(b"\0")
            padding += len(self._rest) - len(text)
            self._rest = text or self._source.read(BLOCK)
            if text:
                break
        if padding % UNIT:
            raise EOFError

    def _input(self) -> bytes:
        data, self._rest = self._rest or self._source.read(BLOCK), b""
        if not data:
            raise EOFError
        return data
