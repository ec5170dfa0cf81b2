"""Look for canaries: in bytes, in texts, and under the encodings that hide one from a plain search."""

from __future__ import annotations

import base64
import html
import re
import urllib.parse
import zipfile
import zlib
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WORD = "zqcanary"
"""Stands in every canary, whatever its case."""


def spellings(text: str) -> set[bytes]:
    """The text plain, in UTF-16, in hex, and in base64 at each of its three offsets."""
    plain = {text, text.upper(), text.capitalize()}
    raw = [one.encode() for one in plain]
    found = {*raw, *(one.encode("utf-16-le") for one in plain), *(one.encode("utf-16-be") for one in plain)}
    for one in raw:
        found |= {one.hex().encode(), one.hex().upper().encode()}
        for offset in range(3):
            coded = base64.b64encode(b"\0" * offset + one)
            inner = coded[(0, 2, 3)[offset] : -4]  # what the bytes around it cannot change
            found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def seen(data: bytes, canaries: Iterable[str], deep: int = 3) -> set[str]:
    """Which canaries stand in some bytes, as they are, after undoing percent, JSON and HTML escapes, and in base64."""
    text = data.decode("utf-8", "replace")
    undone = [urllib.parse.unquote(text), html.unescape(text), re.sub(r"\\u([0-9a-fA-F]{4})", _character, text)]
    hay = [data, *(one.encode("utf-8", "replace") for one in undone)]
    found = {one for one in canaries if any(spelling in part for part in hay for spelling in spellings(one))}
    for inner in _decoded(data) if deep else ():
        found |= seen(inner, canaries, deep - 1)
    return found


def _decoded(data: bytes) -> Iterator[bytes]:
    """Every run of base64 that decodes to a text, from each of its first four characters on."""
    for run in re.findall(rb"[A-Za-z0-9+/_-]{12,}", data):
        for start in range(4):
            part = run[start:].translate(bytes.maketrans(b"-_", b"+/"))
            inner = base64.b64decode(part[: len(part) // 4 * 4])
            if sum(32 <= one < 127 for one in inner) * 10 >= len(inner) * 9:  # what reads as ASCII
                yield inner


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def contents(root: Path, skip: Iterable[Path] = ()) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder by its name: its bytes, what it holds where it is packed, and the name itself."""
    left_out = set(skip)
    for path in sorted(root.rglob("*")):
        if left_out & {path, *path.parents}:
            continue
        name = str(path.relative_to(root))
        yield f"{name} (its name)", name.encode()
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            yield name, data
            yield from ((f"{name} (inside)", part) for part in _inside(path, data))


def _inside(path: Path, data: bytes) -> Iterator[bytes]:
    if data[:4] == b"PAR1":
        table = pq.read_table(pa.BufferReader(data))
        yield "\n".join(str(value) for column in table.columns for value in column.to_pylist()).encode()
        yield str(pq.read_schema(pa.BufferReader(data))).encode()
    elif data[:1] == b"\x78":  # git's objects
        yield zlib.decompress(data)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
