"""Missing values per column: cells in which nothing stands, neither a value nor a text that is none (ISO/IEC 25024)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from custody.records import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa


def missing(table: pa.Table, names: Iterable[str]) -> dict[str, int]:
    """Return how many records of a collected partition lack each column; all of them where it is not there."""
    return {name: _missing(table, name) for name in names}


def merge(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums over partitions; columns in the order of their names."""
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return dict(sorted(total.items()))


def _missing(table: pa.Table, name: str) -> int:
    if name not in table.column_names:
        return int(table.num_rows)
    empty: int = table.column(name).null_count
    raw = columns.raw(name)
    if raw not in table.column_names:
        return empty
    wrong: int = table.num_rows - table.column(raw).null_count  # a text that is no value stands beside an empty cell
    return empty - wrong
