"""Zeek's tab-separated logs.

The # lines count from where they stand, so that logs of several rotations may follow each other in one file; they are
records that are skipped. What they mean stands in `zeek_head`. (docs.zeek.org, Zeek Log Formats and Inspection.)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.formats.csv_block import Shape, parse
from custody.sources.formats.csv_dialect import Dialect
from custody.sources.formats.reading import Batch, table_of
from custody.sources.formats.zeek_head import Head
from custody.sources.streams.framing import Frame, frames
from custody.sources.streams.screening import screen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.policy.sources import Zeek


def read(data: Iterator[bytes], format: Zeek, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # the policy's word
    """Yield the records of UTF-8 `data`; those before any #fields line are malformed.

    `CustodyError` where a #fields line names a field twice.
    """
    reader = _Reader(tuple(dict.fromkeys(wanted)))
    for frame in frames(data, format.max_record_bytes):
        yield from reader.take(frame)
    yield reader.batch({}, np.empty(0, np.int64), [], {})


class _Reader:
    def __init__(self, wanted: tuple[str, ...]) -> None:
        self.wanted = wanted
        self.head = Head()

    def take(self, frame: Frame) -> Iterator[Batch]:
        screened = screen(frame)
        malformed = list(screened.malformed)
        marks = np.flatnonzero(pc.starts_with(screened.texts, "#").to_numpy(zero_copy_only=False)).tolist()
        after = 0
        for mark in [*marks, len(screened.texts)]:
            if mark > after:
                part = slice(after, mark)
                yield self._run(screened.texts[part], screened.lines[part], malformed)
            if mark < len(screened.texts):
                self.head = self.head.after(screened.texts[mark].as_py(), int(screened.lines[mark]))
            after = mark + 1
        skipped = {"blank": screened.blank, "header": len(marks)}
        skipped = {reason: count for reason, count in skipped.items() if count}
        yield self.batch({}, np.empty(0, np.int64), sorted(malformed), skipped)

    def _run(self, texts: pa.Array, lines: np.ndarray, malformed: list[tuple[int, str]]) -> Batch:
        """Read records under one head; the malformed ones are added to `malformed`."""
        names = self.head.fields
        if not names:
            malformed += [(line, "no_fields_line") for line in lines.tolist()]
            return self.batch({}, lines[:0], [], {})
        present = [name for name in self.wanted if name in names]
        positions = [names.index(name) for name in present] or [0]
        columns = self._quickly(texts, positions)
        if columns is None:
            columns, lines = self._one_by_one(texts, lines, positions, malformed)
        found = dict(zip(present, columns, strict=False))
        return self.batch({name: self.head.values(column, name) for name, column in found.items()}, lines, [], {})

    def _quickly(self, texts: pa.Array, positions: list[int]) -> list[pa.Array] | None:
        separator = self.head.separator.encode()
        if len(separator) != 1 or not separator.isascii():
            return None
        joined = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts), "\n")
        data = joined[0].as_buffer().to_pybytes() + b"\n"
        how = Dialect(separator, b"", b"", len(data), re.compile(b""), b"")
        return parse(data, Shape(how, len(self.head.fields), positions), len(texts))

    def _one_by_one(
        self, texts: pa.Array, lines: np.ndarray, positions: list[int], malformed: list[tuple[int, str]]
    ) -> tuple[list[pa.Array], np.ndarray]:
        rows: list[list[str]] = []
        kept: list[int] = []
        width = len(self.head.fields)
        for text, line in zip(texts.to_pylist(), lines.tolist(), strict=True):
            values = text.split(self.head.separator)
            if len(values) == width:
                rows.append(values)
                kept.append(line)
            else:
                malformed.append((line, "too_few_fields" if len(values) < width else "too_many_fields"))
        columns = [pa.array([row[i] for row in rows], pa.string()) for i in positions]
        return columns, np.array(kept, np.int64)

    def batch(
        self,
        columns: dict[str, pa.Array],
        lines: np.ndarray,
        malformed: list[tuple[int, str]],
        skipped: dict[str, int],
    ) -> Batch:
        """Return a batch under the present head."""
        names = frozenset(self.head.fields)
        dropped, missing = names - set(self.wanted), frozenset(self.wanted) - names
        return Batch(table_of(columns, self.wanted, len(lines)), lines, malformed, skipped, dropped, missing)
