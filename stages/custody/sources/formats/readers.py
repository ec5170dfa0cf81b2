"""One way into every format: a stream of bytes and the policy's format in, batches of raw fields out."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from custody.policy.sources import Csv, Document, Json, Jsonl, Lines, Parquet, Zeek
from custody.sources.formats import csv, documents, json_document, jsonl, lines, parquet, zeek
from custody.sources.streams.compression import expand
from custody.sources.streams.encoding import chunks, utf8

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.policy.sources import AnyFormat
    from custody.sources.formats.reading import Batch


def read(stream: BinaryIO, format: AnyFormat, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # the policy's word
    """Yield the records of `stream`, compressed or not, with the `wanted` fields by the names that the file gives them.

    Yields at least one batch, in file order, each with its account (see `Batch`). Memory does not grow with the file,
    but for a JSON document, and for Parquet and zip, which need a seekable copy: beyond 64 MiB a file without a name.
    `CustodyError`, whose text does not name the file, where the file as a whole cannot be read.
    """
    plain = expand(stream, format.max_expanded_bytes)
    try:
        yield from _batches(plain, format, wanted)
    finally:
        if plain is not stream:
            plain.close()


def _batches(plain: BinaryIO, format: AnyFormat, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # as above
    text = utf8(chunks(plain), format.encoding)
    match format:
        case Parquet():
            yield from parquet.read(plain, format, wanted)
        case Document():
            yield from documents.read(plain, format, wanted)
        case Csv():
            yield from csv.read(text, format, wanted)
        case Jsonl():
            yield from jsonl.read(text, format, wanted)
        case Json():
            yield from json_document.read(text, format, wanted)
        case Zeek():
            yield from zeek.read(text, format, wanted)
        case Lines():
            yield from lines.read(text, format, wanted)
