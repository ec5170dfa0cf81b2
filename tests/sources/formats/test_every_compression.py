from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sources.reads import whole

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = [f"name {number} é" for number in range(300)]


def _delimited(mark: str) -> bytes:
    return f"who{mark}n\n".encode() + b"".join(f"{name}{mark}{n}\n".encode() for n, name in enumerate(NAMES))


def _objects() -> list[dict[str, Any]]:
    return [{"who": name, "n": n} for n, name in enumerate(NAMES)]


def _parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"who": NAMES, "n": [str(n) for n in range(300)]}), sink)
    return sink.getvalue()


def _zeek() -> bytes:
    head = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tx\n"
    rows = "".join(f"{name}\t{n}\n" for n, name in enumerate(NAMES))
    return f"{head}#fields\twho\tn\n#types\tstring\tcount\n{rows}#close\t2026-10-01-00-00-00\n".encode()


PAIRS = {"who": NAMES, "n": [str(n) for n in range(300)]}
LETTER = "From: ada@example.com\nSubject: hello\n\n" + "\n".join(NAMES)

FORMATS: dict[str, tuple[bytes, dict[str, Any], dict[str, list[str]]]] = {
    "csv": (_delimited(","), {"type": "csv"}, PAIRS),
    "tsv": (_delimited("\t"), {"type": "csv", "delimiter": "\t"}, PAIRS),
    "jsonl": (b"\n".join(json.dumps(one).encode() for one in _objects()), {"type": "jsonl"}, PAIRS),
    "json": (json.dumps({"in": _objects()}).encode(), {"type": "json", "records": "in"}, PAIRS),
    "parquet": (_parquet(), {"type": "parquet"}, PAIRS),
    "zeek": (_zeek(), {"type": "zeek"}, PAIRS),
    "text": (
        _delimited("|"),
        {"type": "text", "pattern": r"^(?P<who>[^|]+)\|(?P<n>\d+)$", "unmatched": "skip"},
        PAIRS,
    ),
    "document": (LETTER.encode(), {"type": "document", "kind": "text"}, {"body": [LETTER]}),
}


def _zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _zip(data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside", data)
    return sink.getvalue()


COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "none": bytes,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": _zstd,
    "zip": _zip,
}


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_rows_inside_every_compression(name: str, compression: str) -> None:
    data, format_, expected = FORMATS[name]
    packed = COMPRESSIONS[compression](data)
    assert (packed == data) == (compression == "none")
    found = whole(packed, list(expected), **format_)
    assert found.columns == expected
    assert found.malformed == []
    assert not found.missing
