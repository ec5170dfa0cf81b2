"""Keyed fingerprints: a 64-bit hash that stands for the values of a record when all records are compared.

Equal values have equal hashes, and records with equal hashes are compared by value (`custody.quality.confirming`): a
hash decides nothing, it only saves comparisons. It is fast and no cryptographic one, so its seed comes from the zone
secret. Fingerprints never leave a run: polars promises stable hashes only within one version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from custody.quality.cells import whole
from custody.records import columns as named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.records.zone import Zone

Prints: TypeAlias = NDArray[np.uint64]
"""One hash per record."""
WIDTH: Final = 64


@dataclass(frozen=True)
class Seeds:
    """The seed, and how many bits of a hash are kept: verdicts are the same with any number of them."""

    seed: int
    bits: int = WIDTH

    @classmethod
    def of(cls, zone: Zone) -> Seeds:
        """Derive the seed from the zone secret."""
        return cls(int.from_bytes(zone.derive("hash/quality", 8), "little"))

    def __repr__(self) -> str:
        return "Seeds(…)"


def frame(table: pa.Table, columns: Sequence[str], rows: NDArray[np.int64] | None = None) -> pl.DataFrame:
    """Return columns and their raw companions, of all rows or of some, as they are hashed: -0.0 is 0.0."""
    names = [name for column in columns for name in _names(table.column_names, column)]
    if rows is None:
        return pl.DataFrame([_series(name, table.column(name)) for name in names]).rechunk()
    places = pa.array(rows)  # taken column by column: a table's own take is many times slower for few rows
    return pl.DataFrame(pl.from_arrow(pa.table({name: _plain(whole(table, name).take(places)) for name in names})))


def _series(name: str, column: pa.ChunkedArray) -> pl.Series:
    """Return a column for polars; nulls alone are made there, at a fifth of what it costs to hand them over."""
    if column.null_count < len(column):
        return pl.Series(name, _plain(column))
    return pl.Series(name, _plain(column.slice(0, 0))).clear(len(column))


def part(data: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return some columns of a `frame` with their raw companions."""
    names = [name for column in columns for name in _names(data.columns, column)]
    return data if names == data.columns else pl.DataFrame([data.get_column(name) for name in names])


def values(data: pl.DataFrame, columns: Sequence[str], seeds: Seeds) -> Prints:
    """Return hashes over some columns of a `frame`; wrong cells count by their source text, null is no value."""
    hashes = part(data, columns).hash_rows(seeds.seed).to_numpy()
    kept = ~np.uint64(0) >> np.uint64(WIDTH - seeds.bits) if seeds.bits else np.uint64(0)
    return hashes if seeds.bits == WIDTH else hashes & kept


def _names(present: Sequence[str], column: str) -> list[str]:
    raw = named.raw(column)
    return [column, raw] if raw in present else [column]


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return pc.add(column, 0.0) if pa.types.is_floating(column.type) else column
