"""Spans of texts replaced, all at once.

A span is (row, start, end), start and end being byte offsets in that row's UTF-8 text. Spans are sorted by place and
do not overlap. Texts are large strings without nulls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.text.haystack import Haystack, compact

if TYPE_CHECKING:
    from numpy.typing import NDArray

OPEN, CLOSE = "\uf8fe", "\uf8ff"
"""Private marks that `find` sets around a match for a moment; texts must not hold them."""
MARK = 3
"""Bytes of a mark."""


class Spans(NamedTuple):
    """Places in texts, one element per span."""

    row: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def filter(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Spans:
        """Spans where `chosen` is true, or those at its indices."""
        return Spans(*(part[chosen] for part in self))


WHOLE = f"{OPEN}\\0{CLOSE}"


def find(texts: pa.Array, pattern: str, marked_as: str = WHOLE) -> Spans:
    """Every match of an RE2 pattern, leftmost first and not overlapping; `marked_as` tells which group of it."""
    return _marked(pc.replace_substring_regex(texts, pattern, marked_as))


def find_often(texts: pa.Array, pattern: str) -> Spans:
    """Every match of a pattern of Rust's engine, as `find`; compiled once, where RE2 takes milliseconds each time."""
    marked = pl.Series(texts).str.replace_all(pattern, f"{OPEN}${{0}}{CLOSE}")
    return _marked(compact(marked.to_arrow()))


def _marked(texts: pa.Array) -> Spans:
    marked = Haystack(texts)
    begin, end = _places(marked, OPEN), _places(marked, CLOSE)
    row = marked.rows(begin)
    nth = np.arange(len(row)) - np.searchsorted(row, row)  # which match of its row
    shift = marked.offsets[row] + 2 * MARK * nth
    return Spans(row, begin - shift, end - shift - MARK)


def unmarked(texts: pa.Array) -> pa.Array:
    """Return texts, byte for byte as long, without the marks that `find` sets."""
    return pc.replace_substring_regex(texts, f"[{OPEN}{CLOSE}]", "\ufffd")


def replace(texts: pa.Array, spans: Spans, inserts: pa.Array) -> pa.Array:
    """Put `inserts`, one string per span, in the place of the spans."""
    if not len(spans.row):
        return texts
    begins, cut = _cut(texts, spans)
    filled = pc.replace_with_mask(cut, pa.array(_is_span(len(texts), spans)), inserts.cast(pa.large_string()))
    hay = Haystack(filled)  # the pieces of a text lie side by side: taking the bounds between them away joins them
    return pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(hay.offsets[begins]), pa.py_buffer(hay.data))


def put(texts: pa.Array, rows: NDArray[np.int64], fresh: pa.Array) -> pa.Array:
    """Put `fresh` texts in the place of those of `rows`, which ascend."""
    if not len(rows):
        return texts
    mask = np.zeros(len(texts), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(texts, pa.array(mask), fresh)


def pieces(texts: pa.Array, spans: Spans) -> pa.Array:
    """Return the text of each span."""
    hay, length = Haystack(texts), spans.end - spans.start
    offsets = np.concatenate([[0], np.cumsum(length)])
    places = np.arange(offsets[-1]) + np.repeat(hay.offsets[spans.row] + spans.start - offsets[:-1], length)
    data = hay.data[places]
    return pa.LargeStringArray.from_buffers(len(length), pa.py_buffer(offsets), pa.py_buffer(data))


def strings(packed: NDArray[np.uint8]) -> pa.Array:
    """Return UTF-8 texts of one length, given as bytes of shape (texts, length)."""
    offsets = np.arange(len(packed) + 1, dtype=np.int64) * packed.shape[1]
    return pa.LargeStringArray.from_buffers(len(packed), pa.py_buffer(offsets), pa.py_buffer(packed.tobytes()))


def _cut(texts: pa.Array, spans: Spans) -> tuple[NDArray[np.int64], pa.Array]:
    """Each text as gap, span, gap, …, gap: where each text's pieces begin, and all pieces; no byte is copied."""
    hay = Haystack(texts)
    rows, hits = len(texts), len(spans.row)
    nth = spans.row + 2 * np.arange(hits)  # each text has one gap more than it has spans
    bounds = np.zeros(rows + 2 * hits + 1, dtype=np.int64)
    begins = np.arange(rows + 1)
    begins[1:] += 2 * np.cumsum(np.bincount(spans.row, minlength=rows))
    bounds[begins[:-1]] = hay.offsets[:-1]
    bounds[nth + 1] = hay.offsets[spans.row] + spans.start
    bounds[nth + 2] = hay.offsets[spans.row] + spans.end
    bounds[-1] = hay.offsets[-1]
    return begins, pa.LargeStringArray.from_buffers(len(bounds) - 1, pa.py_buffer(bounds), texts.buffers()[2])


def _is_span(rows: int, spans: Spans) -> NDArray[np.bool_]:
    mask = np.zeros(rows + 2 * len(spans.row), dtype=bool)
    mask[spans.row + 2 * np.arange(len(spans.row)) + 1] = True
    return mask


def _places(hay: Haystack, mark: str) -> NDArray[np.int64]:
    """Where a mark of three bytes stands; only its last byte differs from the other's."""
    first, second, third = mark.encode()
    data = hay.data
    at = np.flatnonzero(data[: -MARK + 1] == first) if len(data) >= MARK else np.zeros(0, dtype=np.int64)
    found: NDArray[np.int64] = at[(data[at + 1] == second) & (data[at + 2] == third)]
    return found
