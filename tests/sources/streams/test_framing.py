from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from custody.sources.streams.framing import bounds, frames

if TYPE_CHECKING:
    from collections.abc import Iterator


def chunked(data: bytes, size: int) -> Iterator[bytes]:
    return (data[i : i + size] for i in range(0, len(data), size))


def lines(data: bytes, size: int, limit: int = 2**20) -> list[tuple[int, bytes | None]]:
    found: list[tuple[int, bytes | None]] = []
    for frame in frames(chunked(data, size), limit):
        begin, stop = bounds(frame.data)
        assert len(begin) == frame.count == frame.data.count(b"\n")
        pairs = zip(begin.tolist(), stop.tolist(), strict=True)
        found += [(frame.first + i, frame.data[a:b]) for i, (a, b) in enumerate(pairs)]
        if frame.too_long:
            found.append((frame.first + frame.count, None))
    return found


def expected(data: bytes, limit: int) -> list[tuple[int, bytes | None]]:
    end = re.search(rb"\r\n|\n|\r", data)
    parts = re.split(rb"\r\n|\n|\r" if end and end[0] == b"\r" else rb"\r\n|\n", data)
    if end and end[0] != b"\r" and parts[-1].endswith(b"\r"):
        parts[-1:] = [parts[-1][:-1], b""]
    parts = parts if parts[-1] else parts[:-1]
    return [(i, part if len(part) <= limit else None) for i, part in enumerate(parts, 1)]


TEXT = st.lists(st.sampled_from([b"a", b"bb", b"\n", b"\r\n", b"\r", b"c" * 30]), max_size=40).map(b"".join)


@settings(deadline=None)
@given(TEXT, st.integers(1, 30), st.sampled_from([5, 64]))
def test_lines_and_their_numbers_do_not_depend_on_chunks(data: bytes, size: int, limit: int) -> None:
    assert lines(data, size, limit) == expected(data, limit)


def test_frames_are_bounded_in_lines() -> None:
    sizes = [frame.count for frame in frames(iter([b"\n" * 200_000]), 64)]
    assert sum(sizes) == 200_000
    assert max(sizes) == 65_536


def test_long_lines_among_many_split_frames_at_their_places() -> None:
    data = b"x\n" * 70_000 + b"y" * 100 + b"\n" + b"y" * 100 + b"\n" + b"x\n" * 3
    found = lines(data, len(data), 64)
    assert [line for line, text in found if text is None] == [70_001, 70_002]
    assert [line for line, _ in found] == list(range(1, 70_006))
