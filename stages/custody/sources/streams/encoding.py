"""Any declared or found encoding, turned into UTF-8 as it is read, so that one reader serves all.

A unit that is not valid in its encoding becomes the byte 0xFF, which no UTF-8 text holds: the record around it fails
the check that every record passes anyway, and costs itself alone.
"""

from __future__ import annotations

import codecs
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from custody.sources.streams.sizes import BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
MARK = "custody-mark"
NOT_TEXT = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"})
"""Python's own codecs that a document may name, but that are no text's encoding; some take quadratic time."""
WINDOW = 2**16
"""About so many bytes are decoded at once in search of bad ones, since each that is found costs the rest of the try."""


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error(MARK, _mark)


def chunks(stream: BinaryIO, size: int = BYTES) -> Iterator[bytes]:
    """Yield the bytes of `stream` in chunks of `size`; only the last is shorter."""
    while data := stream.read(size):
        while len(data) < size and (more := stream.read(size - len(data))):
            data += more
        yield data


def utf8(data: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Yield the text of `data` as UTF-8 without a byte-order mark.

    `auto` follows the byte-order mark and else takes UTF-8. `utf-16` without a mark is little-endian.
    UTF-8 passes unchecked: records are checked one by one where they are read.
    """
    head = next(data, b"")
    codec = found(head) if encoding in {"auto", "utf-16"} else encoding
    if encoding == "utf-16" and codec == "utf-8":
        codec = "utf-16-le"
    head = head.removeprefix(MARKS.get(codec, b""))
    whole = chain([head] if head else [], data)
    if codec == "utf-8":
        yield from whole
        return
    decoder = codecs.getincrementaldecoder(codec)(errors=MARK)
    for chunk in whole:
        yield decoder.decode(chunk).encode("utf-8", "surrogateescape")
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogateescape")


def found(head: bytes) -> str:
    """Return the encoding that the byte-order mark at the start of `head` names, else utf-8."""
    return next((codec for codec, mark in MARKS.items() if head.startswith(mark)), "utf-8")


def valid(data: bytes) -> bool:
    """Say whether `data` is valid UTF-8."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def flaws(data: bytes) -> np.ndarray:
    """Return ascending offsets (int64) of what no text holds, NUL and bytes that are not UTF-8.

    Every line of `data` that holds such a byte is hit at least once, and no other line is.
    """
    nuls = np.flatnonzero(np.frombuffer(data, np.uint8) == 0) if b"\0" in data else np.empty(0, np.int64)
    if data.isascii():
        return nuls
    found, at, view = [], 0, memoryview(data)
    while at < len(data):
        end = data.find(b"\n", at + WINDOW) + 1 or len(data)
        try:
            codecs.utf_8_decode(view[at:end], "strict", True)  # noqa: FBT003  # a builtin, by position alone
            at = end
        except UnicodeDecodeError as error:
            found.append(at + error.start)
            at = data.find(b"\n", found[-1]) + 1 or len(data)
    return np.sort(np.append(nuls, np.array(found, np.int64)))


def honest(data: bytes, codec: str) -> tuple[str, str]:
    """Return the text of `data` and the encoding used: `codec` where every byte fits it, else Latin-1, never damage."""
    try:
        name = codecs.lookup(codec).name
        text = data.decode("undefined" if name.replace("_", "-") in NOT_TEXT else codec)
        text.encode()  # utf-7 can smuggle in halves of surrogate pairs
    except (LookupError, ValueError):
        return data.decode("latin-1"), "latin-1"
    return text, name


def canonical(codec: str) -> str | None:
    """Return the one name of `codec`, which has many, or None where nobody knows it."""
    try:
        return codecs.lookup(codec).name
    except (LookupError, ValueError):  # a name with a NUL is a ValueError
        return None
