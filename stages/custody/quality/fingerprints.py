"""Keyed fingerprints: a 64-bit hash that stands for the values of a record when all records are compared.

Equal values have equal hashes, and records with equal hashes are compared by value (`custody.quality.confirming`): a
hash decides nothing, it only saves comparisons. It is fast and no cryptographic one, so its seed comes from the zone
secret. Fingerprints never leave a run: polars promises stable hashes only within one version.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from custody.quality.cells import codes, plain, valid, whole
from custody.records import columns as named

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from custody.records.zone import Zone

Prints: TypeAlias = NDArray[np.uint64]
"""One hash per record."""
WIDTH: Final = 64
_KEPT: Final = 4_096


@dataclass(frozen=True)
class Seeds:
    """The seed, and how many bits of a hash are kept: verdicts are the same with any number of them."""

    seed: int
    bits: int = WIDTH

    @classmethod
    def of(cls, zone: Zone) -> Seeds:
        """Derive the seed from the zone secret."""
        return cls(int.from_bytes(zone.derive("hash/quality", 8), "little"))

    def of_column(self, name: str) -> int:
        """Return the seed of one column, so that values count for where they stand."""
        key = self.seed.to_bytes(8, "little")
        return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8, key=key).digest(), "little")

    def __repr__(self) -> str:
        return "Seeds(…)"


def frame(table: pa.Table, columns: Sequence[str], rows: NDArray[np.int64], *, nulls: bool = True) -> pl.DataFrame:
    """Return columns and their raw companions of some rows, as they are hashed: -0.0 is 0.0.

    Without `nulls`, all columns but one are left out in which no row of `table` has a value: they tell no two apart.
    """
    every, places = _names(table, columns), pa.array(rows)
    names = [one for one in every if nulls or table.column(one).null_count < table.num_rows] or every[:1]
    # taken column by column: a table's own take is many times slower for few rows
    return pl.DataFrame(pl.from_arrow(pa.table({name: _plain(whole(table, name).take(places)) for name in names})))


class Hashing:
    """The hashes of a partition's columns, of which those that several rules compare are kept."""

    def __init__(self, table: pa.Table, seeds: Seeds, kept: Collection[str] = ()) -> None:
        self._table, self._seeds, self._kept = table, seeds, frozenset(_names(table, kept))
        self._known: dict[str, Prints] = {}

    def of(self, columns: Sequence[str]) -> Prints:
        """Return hashes over some columns; wrong cells count by their source text, null is no value."""
        total = np.zeros(self._table.num_rows, np.uint64)
        for name in _names(self._table, columns):
            total += self._column(name)
        kept = ~np.uint64(0) >> np.uint64(WIDTH - self._seeds.bits) if self._seeds.bits else np.uint64(0)
        return total if self._seeds.bits == WIDTH else total & kept

    def _column(self, name: str) -> Prints:
        known = self._known.get(name)
        if known is None:
            known = _hashed(whole(self._table, name), self._seeds.of_column(name))
            if name in self._kept:
                self._known[name] = known
        return known


def _hashed(values: pa.Array, seed: int) -> Prints:
    """Return a hash per row, or one for all where all are null; the same for coded values as for plain ones."""
    if values.null_count == len(values):
        return _null(plain(values.slice(0, 0)).type, seed)[: len(values)]
    if not pa.types.is_dictionary(values.type):
        return _rows(values, seed)
    texts: Prints = _rows(values.dictionary, seed)[codes(values)]
    if values.null_count:
        texts[~valid(values)] = _null(values.type.value_type, seed)
    return texts


@lru_cache(_KEPT)
def _null(kind: pa.DataType, seed: int) -> Prints:
    return _rows(pa.nulls(1, kind), seed)


def _rows(values: pa.Array, seed: int) -> Prints:
    return pl.DataFrame([pl.Series(values=_plain(values))]).hash_rows(seed).to_numpy()


def _names(table: pa.Table, columns: Collection[str]) -> list[str]:
    present = set(table.column_names)
    return [name for one in columns for name in (one, named.raw(one)) if name == one or name in present]


def _plain(values: pa.Array) -> pa.Array:
    values = plain(values)
    return pc.add(values, 0.0) if pa.types.is_floating(values.type) else values
