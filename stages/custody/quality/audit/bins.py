"""Features as small numbers: a byte per cell, by edges and known categories of the anchored version.

A number's byte says between which edges its bucket lies (64 buckets to each power of two, see
`quality.profile.histogram`); a category's which of the known ones it is. No edge is a record's value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.quality.cells import Cells, fixed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from custody.quality.profile.stored import Hashes

Codes = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
"""Shape (features, records)."""
SHIFT: Final = 46
OFFSET: Final = 1 << (63 - SHIFT)
MOST_EDGES: Final = 63
MOST_CATEGORIES: Final = 200
UNKNOWN: Final = 253
WRONG: Final = 254
MISSING: Final = 255
NUMERIC: Final = frozenset({"number", "integer"})


def fine(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return each number's fine bucket, from 0 on, in the order of numbers."""
    bits = np.ascontiguousarray(numbers, dtype=np.float64).view(np.int64)
    size = (bits & np.int64(np.iinfo(np.int64).max)) >> SHIFT
    return np.where(bits < 0, -size, size) + OFFSET


@dataclass(frozen=True)
class Bin:
    """How the cells of one feature become bytes."""

    column: str
    kind: str
    edges: tuple[int, ...] = ()
    """Ascending fine buckets: a cell's byte is the number of edges below its bucket."""
    categories: tuple[str, ...] = ()
    """Keyed hashes; a cell's byte is where its own stands."""

    @cached_property
    def _table(self) -> NDArray[np.uint8]:
        """Byte by fine bucket."""
        return np.searchsorted(np.array(self.edges, dtype=np.int64), np.arange(2 * OFFSET), "left").astype(np.uint8)

    @cached_property
    def _known(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.categories)}

    def codes(self, cells: Cells, hashes: Hashes) -> NDArray[np.uint8]:
        """Return the bytes of a column's cells."""
        codes = self._numbers(cells) if self.kind in NUMERIC else self._texts(cells, hashes)
        codes[~cells.present] = MISSING
        codes[cells.wrong] = WRONG
        return codes

    def _numbers(self, cells: Cells) -> NDArray[np.uint8]:
        return np.asarray(self._table[fine(fixed(cells.values).astype(np.float64))])

    def _texts(self, cells: Cells, hashes: Hashes) -> NDArray[np.uint8]:
        coded = pc.fill_null(cells.values.cast(pa.string()), "").dictionary_encode()
        known = [self._known.get(hashes.of_text(self.column, text), UNKNOWN) for text in coded.dictionary.to_pylist()]
        return np.asarray(np.array(known, dtype=np.uint8)[coded.indices.to_numpy(zero_copy_only=False)])


def codes(table: pa.Table, bins: Sequence[Bin], hashes: Hashes) -> Codes:
    """Return the bytes of a partition's features; `KeyError` where it lacks one."""
    return np.stack([one.codes(Cells.of(table, one.column), hashes) for one in bins])


def learn(tables: Sequence[pa.Table], kinds: Mapping[str, str], hashes: Hashes) -> tuple[Bin, ...]:
    """Return bins for the features in `kinds`: edges at even shares of the records, the most frequent categories."""
    return tuple(
        _learn(name, kind, [Cells.of(table, name) for table in tables], hashes) for name, kind in kinds.items()
    )


def _learn(name: str, kind: str, parts: Sequence[Cells], hashes: Hashes) -> Bin:
    if kind in NUMERIC:
        found = np.sort(np.concatenate([fine(fixed(part.values).astype(np.float64)[part.right]) for part in parts]))
        places = (np.arange(1, MOST_EDGES + 1) * len(found)) // (MOST_EDGES + 1)
        return Bin(name, kind, edges=tuple(int(one) for one in np.unique(found[places])) if len(found) else ())
    counts: dict[str, int] = {}
    for part in parts:
        for pair in pc.value_counts(part.values.filter(pa.array(part.right)).cast(pa.string())).to_pylist():
            counts[pair["values"]] = counts.get(pair["values"], 0) + pair["counts"]
    common = sorted(counts, key=lambda text: (-counts[text], text))[:MOST_CATEGORIES]
    return Bin(name, kind, categories=tuple(hashes.of_text(name, text) for text in common))
