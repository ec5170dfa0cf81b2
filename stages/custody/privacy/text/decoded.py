"""Texts with an encoding taken off, and where each byte of them came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from custody.privacy.text import folding
from custody.privacy.text.haystack import Found, Haystack

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONTINUED, LEAD_2, LEAD_3, LEAD_4, BEYOND = 0x80, 0xC2, 0xE0, 0xF0, 0xF5
"""UTF-8 (RFC 3629): the first continuation byte, the first that lead two, three and four bytes, the first unused."""
STRANGE = 0x01
"""What stands for a byte that is no UTF-8."""


class Decoded(NamedTuple):
    """Decoded texts, the row of the original that each is of, and each byte's span in the original's bytes."""

    haystack: Haystack
    row: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def back(self, found: Found) -> Found:
        """Hits in the decoded texts as hits in the original."""
        return Found(self.row[found.row], self.start[found.start], self.end[found.end - 1], found.identifier)


def joined(layers: list[Decoded]) -> Decoded:
    """Return the texts of several as one."""
    texts, raw = (pa.concat_arrays([getattr(one.haystack, part) for one in layers]) for part in ("texts", "raw"))
    return Decoded(Haystack(texts, raw), *(np.concatenate(column) for column in list(zip(*layers, strict=True))[1:]))


def of(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> Haystack:
    """Return decoded bytes as a folded haystack; bytes that are no UTF-8 become `STRANGE`."""
    whole = np.where(valid(data, offsets), data, STRANGE).astype(np.uint8)
    buffers = pa.py_buffer(offsets.astype(np.int64)), pa.py_buffer(whole)
    return folding.haystack(pa.LargeStringArray.from_buffers(len(offsets) - 1, *buffers))


def valid(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for each byte of well-formed UTF-8 (Unicode 3.9, table 3-7), text by text."""
    good = data < CONTINUED
    leads = np.flatnonzero(data >= CONTINUED)
    if not len(leads):
        return good
    ends = offsets[np.searchsorted(offsets, leads, side="right")]
    byte = data[leads].astype(np.int64)
    size = 1 + (byte >= LEAD_2) + (byte >= LEAD_3).astype(np.int64) + (byte >= LEAD_4)
    after = data.take(leads[:, None] + np.arange(1, 4), mode="clip")
    continues = (after & 0xC0 == CONTINUED).cumprod(axis=1).sum(axis=1) >= size - 1
    second = after[:, 0]
    narrow = (byte == LEAD_3) & (second < 0xA0) | (byte == 0xED) & (second >= 0xA0)  # noqa: PLR2004  # table 3-7
    narrow |= (byte == LEAD_4) & (second < 0x90) | (byte == 0xF4) & (second >= 0x90)  # noqa: PLR2004  # table 3-7
    holds = (byte >= LEAD_2) & (byte < BEYOND) & continues & ~narrow & (leads + size <= ends)
    for step in range(4):
        good[leads[holds & (size > step)] + step] = True
    return good
