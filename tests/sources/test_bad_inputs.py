"""Inputs that nobody should send and somebody will: each format, bounded memory, no value in a message."""

from __future__ import annotations

import random
import tracemalloc
from typing import Any

import pytest

from custody.errors import CustodyError
from sources.reads import Lazy, Whole, whole

LINES: list[dict[str, Any]] = [
    {"type": "csv"},
    {"type": "jsonl"},
    {"type": "zeek"},
    {"type": "text", "pattern": "^(?P<a>.*)$"},
]
START = {"csv": b"a\n1\n", "jsonl": b'{"a":"1"}\n', "zeek": b"#fields\ta\n1\n", "text": b"1\n"}
BY_TYPE = pytest.mark.parametrize("format_", LINES, ids=lambda format_: format_["type"])


@BY_TYPE
def test_a_line_of_200_megabytes_costs_itself_in_bounded_memory(format_: dict[str, Any]) -> None:
    start = START[format_["type"]]
    end = start.splitlines(keepends=True)[-1]
    limit = 4 * 2**20
    whole(start, ["a"], **format_)  # what Arrow imports on first use is not the reader's memory
    tracemalloc.start()
    stream = Lazy((start, 1), (b'"' * 2 + b"x" * 62, 200 * 2**20 // 64), (b"\n", 1), (end, 2))
    found = whole(stream, ["a"], max_record_bytes=limit, **format_)  # type: ignore[arg-type]  # a raw stream reads too
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    line = start.count(b"\n") + 1
    assert found.malformed == [(line, "too_long")]
    assert found.lines == [line - 1, line + 1, line + 2]
    assert peak < 3 * (limit + 4 * 2**20)


@BY_TYPE
def test_noise_under_any_name_is_accounted_or_stops(format_: dict[str, Any]) -> None:
    noise = random.Random(7).randbytes(2_000_000)  # noqa: S311  # reproducible noise
    try:
        found = whole(noise, ["a"], **format_)
    except CustodyError as stopped:
        assert format_["type"] == "csv"
        assert "header cannot be read" in str(stopped)  # noqa: PT017  # either outcome is right
        return
    assert found.rows < 0.01 * found.read
    assert len(found.malformed) > 1000


@BY_TYPE
def test_noise_in_the_middle_costs_no_line_around_it(format_: dict[str, Any]) -> None:
    start = START[format_["type"]]
    end = start.splitlines(keepends=True)[-1]
    noise = random.Random(7).randbytes(100_000).replace(b'"', b"").replace(b"\r", b"")  # noqa: S311  # reproducible
    found = whole(start + noise + b"\xff\n" + end * 1000, ["a"], **format_)
    assert found.lines[-1000:] == list(range(found.lines[-1] - 999, found.lines[-1] + 1))
    assert found.lines[-1] == (start + noise + b"\n").count(b"\n") + 1000
    assert found.columns["a"][-1000:] == ["1"] * 1000


@BY_TYPE
@pytest.mark.parametrize(
    "data", [b"", b"\xef\xbb\xbf", b"\n", b"\xff\xfe"], ids=["empty", "utf8 mark", "line end", "utf16 mark"]
)
def test_nothing_is_no_record(format_: dict[str, Any], data: bytes) -> None:
    found = whole(data, ["a", "b"], **format_)
    assert (found.rows, found.malformed) == (0, [])
    assert "b" in (found.missing or ())


@BY_TYPE
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_every_kind_give_the_same_records(format_: dict[str, Any], end: bytes) -> None:
    data = START[format_["type"]] * 1 + START[format_["type"]].splitlines(keepends=True)[-1] * 3
    found: Whole = whole(data.replace(b"\n", end), ["a"], **format_)
    assert found == whole(data, ["a"], **format_)


@BY_TYPE
@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "utf-16-be"])
def test_encodings_give_the_same_records(format_: dict[str, Any], codec: str) -> None:
    data = START[format_["type"]].decode()
    declared = codec if codec == "utf-16-be" else "auto"
    assert whole(data.encode(codec), ["a"], encoding=declared, **format_) == whole(data.encode(), ["a"], **format_)
