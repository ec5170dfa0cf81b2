"""A written Parquet file, taken apart into every place where a value can stand.

A reader shows cells. A file holds more: dictionary pages, also entries that no row points to; the smallest and
largest value of each column chunk; key-value metadata; and the footer's own bytes, where a writer can leave what no
reader asks for.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.parquet as pq

from custody.errors import CustodyError
from custody.privacy.cells import is_dictionary

MAGIC = b"PAR1"
_PLAIN = frozenset({"PLAIN", "RLE", "BIT_PACKED"})
"""Encodings of values, and of their levels, that need no dictionary."""
_WRITER = re.compile(r"parquet-cpp-arrow version [0-9.]+(-SNAPSHOT)?")


@dataclass(frozen=True)
class ReadBack:
    """What one written file holds; `notes` and `footer` are where no value belongs at all."""

    table: pa.Table = field(repr=False)
    """The cells; texts that the file holds in dictionaries as such, with every entry of the dictionary pages."""
    statistics: dict[str, pa.Array] = field(repr=False)
    """Distinct least and greatest values of each string column's chunks."""
    notes: tuple[str, ...] = field(repr=False)
    """Key-value metadata, keys and values, and what they are as base64."""
    footer: str = field(repr=False)
    """The footer's bytes as text; what is no UTF-8 as U+FFFD."""
    plain: str
    """What every writer puts into a footer: names of columns, and its own where it is the one we use."""


def read_back(data: bytes, name: str) -> ReadBack:
    """Take a Parquet file apart; `CustodyError` when it is not a readable one."""
    try:
        schema = pq.read_schema(pa.BufferReader(data))
        texts = [column.name for column in schema if pa.types.is_string(column.type) or is_dictionary(column.type)]
        metadata = pq.read_metadata(pa.BufferReader(data))
        encoded = [name for name in texts if _has_dictionary(metadata, name)]
        table = pq.ParquetFile(pa.BufferReader(data), read_dictionary=encoded).read(use_threads=False)
    except (pa.ArrowException, OSError):
        raise CustodyError(f"{name}: is not a readable Parquet file; run the stage again") from None
    writer = metadata.created_by or ""
    return ReadBack(
        table,
        _statistics(metadata, frozenset(texts)),
        _notes(metadata.metadata or {}),
        _footer(data, name).decode("utf-8", "replace"),
        " ".join(["schema", *schema.names, writer if _WRITER.fullmatch(writer) else ""]),
    )


def _has_dictionary(metadata: pq.FileMetaData, name: str) -> bool:
    """Say whether any chunk of a column has a dictionary page, or pages that could not be read without one."""
    chunks = [
        metadata.row_group(group).column(place)
        for group in range(metadata.num_row_groups)
        for place in range(metadata.num_columns)
    ]
    own = [chunk for chunk in chunks if chunk.path_in_schema == name]
    return not own or any(chunk.has_dictionary_page or not _PLAIN.issuperset(chunk.encodings) for chunk in own)


def _statistics(metadata: pq.FileMetaData, texts: frozenset[str]) -> dict[str, pa.Array]:
    found: dict[str, set[str]] = {}
    for group in range(metadata.num_row_groups):
        for place in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(place)
            if chunk.path_in_schema in texts and chunk.is_stats_set and chunk.statistics.has_min_max:
                ends = (chunk.statistics.min, chunk.statistics.max)
                found.setdefault(chunk.path_in_schema, set()).update(_text(end) for end in ends)
    return {name: pa.array(sorted(values), pa.string()) for name, values in found.items()}


def _notes(metadata: dict[bytes, bytes]) -> tuple[str, ...]:
    notes = []
    for key, value in sorted(metadata.items()):
        notes.extend([_text(key), _text(value)])
        try:
            notes.append(base64.b64decode(value, validate=True).decode("latin-1"))
        except binascii.Error:
            continue
    return tuple(notes)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")


def _footer(data: bytes, name: str) -> bytes:
    """The Thrift bytes before `length, PAR1` at the end (Apache Parquet, file format)."""
    length = int.from_bytes(data[-8:-4], "little")
    if data[-4:] != MAGIC or length > len(data) - 12:
        raise CustodyError(f"{name}: has no Parquet footer; run the stage again")
    return data[-8 - length : -8]
