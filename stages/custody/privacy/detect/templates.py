"""Texts that are one for every pattern of the detectors: a log says the same with other names and numbers.

No pattern tells one known identifier from another (their sentinels), nor one digit from another in a number behind a
blank, a bracket or a sign of `_BEFORE`. Two kinds of digit stay: a single one behind a blank (`password 7` is one of
Cisco's), and one before a letter (`7z` is a program). So sentinels and such digits are masked, each byte keeps its place,
and what is left is looked at once per distinct text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from custody.privacy.text import sentinels
from custody.privacy.text.haystack import Found, Haystack

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLANK = ord(" ")
_BEFORE = np.isin(np.arange(256), list(b" :=[(/,.\"'"))
_LETTER = np.isin(np.arange(256), list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
_ZERO, _TEN = np.uint8(ord("0")), np.uint8(10)
_STEPS = 5
_FIRST = np.frombuffer(str(sentinels.write(np.array([0]))[0])[0].encode()[1:], dtype=np.uint8)


class Alike(NamedTuple):
    """Distinct masked texts, and which of them each text is."""

    texts: pa.Array
    which: NDArray[np.int64]

    def spread(self, found: Found, hay: Haystack) -> Found:
        """Hits in the distinct texts, sorted by row, as hits in all texts that are alike (`hay`)."""
        first = np.searchsorted(found.row, np.arange(len(self.texts) + 1))
        count = np.diff(first)[self.which]
        row = np.repeat(np.arange(len(self.which)), count)
        nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + first[:-1][self.which[row]]
        shift = hay.offsets[row] - Haystack(self.texts).offsets[self.which[row]]
        return Found(row, found.start[nth] + shift, found.end[nth] + shift, found.identifier[nth])


def alike(texts: pa.Array) -> Alike:
    """Mask texts (large strings without nulls) and keep one of each."""
    hay = Haystack(texts)
    data = hay.data[: hay.offsets[-1]].copy()
    _mask_numbers(data, hay.offsets)
    leads = np.flatnonzero(data == sentinels.LEAD)
    data[leads[:, None] + np.arange(1, 4)] = _FIRST
    buffers = pa.py_buffer(hay.offsets), pa.py_buffer(data)
    encoded = pa.LargeStringArray.from_buffers(len(texts), *buffers).dictionary_encode()
    return Alike(encoded.dictionary, encoded.indices.to_numpy().astype(np.int64))


def _mask_numbers(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
    """Make digits of numbers zeros, text by text; of a longer number the first `2 ** _STEPS`."""
    inside = np.zeros(len(data) + 1, dtype=bool)
    np.less(data - _ZERO, _TEN, out=inside[:-1])  # what is below zero wraps around
    begin = np.flatnonzero(inside[1:] > inside[:-1]) + 1
    inside[offsets] = False  # no number goes on from one text into the next, and none of these begins one
    before = data[begin - 1]
    begin = begin[inside[begin] & _BEFORE[before] & ((before != _BLANK) | inside[begin + 1])]
    masked, inside = np.zeros(len(data), dtype=bool), inside[:-1]
    masked[begin] = True
    for step in (2**power for power in range(_STEPS)):  # `inside` is true where `step` digits end
        masked[step:] |= masked[:-step] & inside[step:]
        inside[step:] &= inside[:-step]
        if not inside.any():
            break
    masked[:-1] &= ~_LETTER[data[1:]]
    np.copyto(data, _ZERO, where=masked)
