"""Keyed fingerprints: two 64-bit hashes that stand for the values of a record when all records are compared.

Records are compared by 128 bits, values under one key by 64. The hash is fast and no cryptographic one, so its seeds
come from the zone secret: whoever plants records cannot compute a collision beforehand. Fingerprints never leave a
run: polars promises stable hashes only within one version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from custody.records import columns as named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.records.zone import Zone

Prints: TypeAlias = NDArray[np.uint64]
"""Shape (2, records)."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that no two repeat counts are mapped to one number."""


@dataclass(frozen=True)
class Seeds:
    """Seeds of the two hashes."""

    first: int
    second: int

    @classmethod
    def of(cls, zone: Zone) -> Seeds:
        """Derive the seeds from the zone secret."""
        key = zone.derive("hash/quality", 16)
        return cls(int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little"))

    def __repr__(self) -> str:
        return "Seeds(…)"


def frame(table: pa.Table, columns: Sequence[str]) -> pl.DataFrame:
    """Return columns and their raw companions as they are hashed: -0.0 is 0.0, nothing is encoded."""
    names = [name for column in columns for name in _names(table.column_names, column)]
    return pl.DataFrame(pl.from_arrow(pa.table({name: _plain(table.column(name)) for name in names})))


def values(data: pl.DataFrame, columns: Sequence[str], seeds: Seeds) -> Prints:
    """Return fingerprints over some columns of a `frame`; wrong cells count by their source text, null is no value."""
    part = data.select([name for column in columns for name in _names(data.columns, column)])
    return np.stack([part.hash_rows(seed).to_numpy() for seed in (seeds.first, seeds.second)])


def records(values: Prints, repeat: NDArray[np.int64]) -> Prints:
    """Return fingerprints of records from those of all their values and from their repeat counts.

    Records that agree in both hashes are copies; records that agree in the first hold the same values. Source, file and
    line do not count.
    """
    return np.stack([values[0], values[1] + repeat.view(np.uint64) * _SPREAD])


def _names(present: Sequence[str], column: str) -> list[str]:
    raw = named.raw(column)
    return [column, raw] if raw in present else [column]


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return pc.add(column, 0.0) if pa.types.is_floating(column.type) else column
