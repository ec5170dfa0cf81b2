"""A written column as its distinct texts: what there is to search, and how many rows have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.privacy.canonical import canonical
from custody.privacy.cells import is_dictionary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.policy.schema import FieldType
    from custody.privacy.leaks.searching import Search

LONG = 10**8
"""Whole numbers from here on are identifiers wherever they stand (`known`)."""


@dataclass(frozen=True)
class Entries:
    """Texts, repeats possible between the chunks of a file, and for each row which of them it has, -1 for none."""

    texts: pa.Array = field(repr=False)
    codes: NDArray[np.int64]

    @property
    def occurrences(self) -> NDArray[np.int64]:
        """Rows per text; one for an entry that no row has, since it stands in the file all the same."""
        rows = np.bincount(self.codes[self.codes >= 0], minlength=len(self.texts))
        return np.maximum(rows, 1)


def entries_of(column: pa.ChunkedArray, kind: FieldType, search: Search, *, direct: bool) -> Entries:
    """Return what there is to search in a column that was read back.

    Of texts all dictionary entries, or all cells where the file has no dictionary. Of numbers and times, spelled as
    `canonical` does, all where the column is a direct identifier, else those that can be an identifier anywhere: long
    whole numbers, and times where a direct column holds times.
    """
    if is_dictionary(column.type):
        return _joined(column)
    if pa.types.is_string(column.type):
        return _rows(column.combine_chunks())
    values = column.combine_chunks()
    places = np.flatnonzero(_sought(values, search, direct=direct))
    encoded = canonical(values.take(pa.array(places)), kind).dictionary_encode()
    codes = np.full(len(values), -1, dtype=np.int64)
    codes[places] = _codes(encoded)
    return Entries(encoded.dictionary, codes)


def _rows(values: pa.Array) -> Entries:
    """Each cell as an entry of its own."""
    present = values.is_valid().to_numpy(zero_copy_only=False)
    return Entries(values.drop_null(), np.where(present, np.cumsum(present) - 1, -1))


def _joined(column: pa.ChunkedArray) -> Entries:
    texts, codes, start = [pa.array([], pa.string())], [np.empty(0, dtype=np.int64)], 0
    for chunk in column.chunks:
        own = _codes(chunk)
        codes.append(np.where(own < 0, -1, own + start))
        texts.append(chunk.dictionary)
        start += len(chunk.dictionary)
    return Entries(pa.concat_arrays(texts), np.concatenate(codes))


def _codes(encoded: pa.DictionaryArray) -> NDArray[np.int64]:
    codes: NDArray[np.int64] = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _sought(values: pa.Array, search: Search, *, direct: bool) -> NDArray[np.bool_]:
    sought: NDArray[np.bool_] = values.is_valid().to_numpy(zero_copy_only=False)
    if direct:
        return sought
    if pa.types.is_timestamp(values.type):
        return sought if search.times else np.zeros_like(sought)
    if search.long_numbers and (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        numbers = values.fill_null(0).to_numpy(zero_copy_only=False)
        long: NDArray[np.bool_] = sought & (np.abs(numbers) >= LONG) & (np.floor(numbers) == numbers)
        return long
    return np.zeros(len(values), dtype=np.bool_)
