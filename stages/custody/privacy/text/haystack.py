"""Texts as Arrow holds them, end to end in one run of bytes, and hits in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def compact(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the same texts as large strings without nulls (null becomes empty), their bytes beginning at offset 0.

    Arrow's `ascii_lower` gives an array that reaches beyond its bytes where a slice was cast to large strings before.
    """
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    large = (whole.fill_null("") if whole.null_count else whole).cast(pa.large_string())
    if not len(large):
        return large
    _, offsets, data = large.buffers()
    places = np.frombuffer(offsets, dtype=np.int64)[large.offset : large.offset + len(large) + 1]
    if not places[0]:
        return large
    used = data.slice(int(places[0]), int(places[-1] - places[0]))
    return pa.LargeStringArray.from_buffers(len(large), pa.py_buffer(places - places[0]), used)


def wide(texts: pa.Array) -> NDArray[np.int64]:
    """Return which texts (large strings without nulls) hold more than ASCII; where none does, a glance tells."""
    hay = Haystack(texts)
    if hay.data[hay.offsets[0] : hay.offsets[-1]].max(initial=0) < _ASCII:
        return np.zeros(0, dtype=np.int64)
    rows: NDArray[np.int64] = np.flatnonzero(~pc.string_is_ascii(texts).to_numpy(zero_copy_only=False))
    return rows


_ASCII = 0x80
"""Bytes from here on belong to other characters."""


class Haystack:
    """Texts (large strings without nulls) as one run of bytes; text i is `data[offsets[i]:offsets[i + 1]]`.

    `raw`, of the same lengths, is what the texts were before folding; the texts themselves where they are not folded.
    """

    def __init__(self, texts: pa.Array, raw: pa.Array | None = None) -> None:
        _, offsets, data = texts.buffers()
        self.texts, self.raw = texts, texts if raw is None else raw
        self.offsets: NDArray[np.int64] = np.zeros(1, dtype=np.int64)
        if len(texts):
            self.offsets = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
        self.data: NDArray[np.uint8] = np.frombuffer(data if data is not None else b"", dtype=np.uint8)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def part(self, rows: NDArray[np.int64]) -> Haystack:
        """Return some of the texts as a haystack of their own; `Found.moved` brings its hits back."""
        chosen = pa.array(rows)
        texts = self.texts.take(chosen)
        return Haystack(texts, texts if self.raw is self.texts else self.raw.take(chosen))

    def rows(self, place: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the text that each byte belongs to."""
        return np.searchsorted(self.offsets, place, side="right") - 1

    def at(self, place: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return the bytes at places, 0 where a place is outside its text."""
        if not len(self.data):
            return np.zeros(place.shape, dtype=np.uint8)
        inside = (place >= self.offsets[row]) & (place < self.offsets[row + 1])
        bytes_: NDArray[np.uint8] = self.data.take(place, mode="clip") * inside
        return bytes_


class Found(NamedTuple):
    """Hits: the text's row, start and end in the haystack's bytes, and which pattern."""

    row: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    identifier: NDArray[np.int64]

    @staticmethod
    def none() -> Found:
        """No hit."""
        return Found(*(np.zeros(0, dtype=np.int64) for _ in Found._fields))

    @staticmethod
    def join(parts: list[Found]) -> Found:
        """All hits of all parts, one part after the other."""
        return Found(*(np.concatenate(column) for column in zip(Found.none(), *parts, strict=True)))

    def filter(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Found:
        """Hits where `chosen` is true, or those at its indices, in their order."""
        if chosen.dtype == bool and chosen.all():
            return self
        return Found(*(part[chosen] for part in self))

    def parts(self, size: int) -> Iterator[Found]:
        """Yield the hits, so many at once."""
        for first in range(0, len(self.row), size):
            yield Found(*(part[first : first + size] for part in self))

    def moved(self, part: Haystack, whole: Haystack, rows: NDArray[np.int64]) -> Found:
        """Hits in `part`, which holds the texts `rows` of `whole`, as hits in `whole`."""
        row = rows[self.row]
        shift = whole.offsets[row] - part.offsets[self.row]
        return Found(row, self.start + shift, self.end + shift, self.identifier)
