"""The profile of each column of a partition, and of all partitions together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.quality.cells import Cells, fixed
from custody.quality.profile.histogram import Counts, added, buckets, counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST: Final = 4_096
"""A column of more distinct texts has no categories."""
COUNTED: Final = frozenset({"category", "boolean"})
"""Types whose values are counted one by one; those of any other may name a person, and few of them come again."""
_PROBE: Final = 2 * MOST
HOUR: Final = 3_600_000_000
"""Microseconds."""


@dataclass(frozen=True)
class Profile:
    """One column: how many cells are missing or wrong, and how the others are distributed."""

    records: int
    missing: int
    wrong: int
    shape: Counts
    """Numbers by bucket, texts by their length's bucket, times by hour of the day (UTC); nothing for booleans."""
    categories: dict[str, int] | None
    """How often each category or truth value stands; None for other types, and where there are more than `MOST`."""


def profile(table: pa.Table, kinds: Mapping[str, str]) -> dict[str, Profile]:
    """Profile the columns of a collected partition that `kinds` names, if they are there."""
    return {
        name: _profile(Cells.of(table, name), counts=kinds[name] in COUNTED)
        for name in sorted(kinds)
        if name in table.column_names
    }


def merge(parts: Sequence[Mapping[str, Profile]]) -> dict[str, Profile]:
    """Return the profiles of all records; a column that a partition lacks is left out."""
    names = set.intersection(*(set(part) for part in parts)) if parts else set()
    return {name: _merged([part[name] for part in parts]) for name in sorted(names)}


def _profile(cells: Cells, *, counts: bool) -> Profile:
    present, right = cells.present, cells.right
    values = cells.values if right.all() else cells.values.filter(pa.array(right))
    records = len(cells.values)
    return Profile(
        records=records,
        missing=records - int(np.count_nonzero(present)),
        wrong=int(np.count_nonzero(cells.wrong)),
        shape=_shape(values),
        categories=categories(values) if counts else None,
    )


def _shape(values: pa.Array) -> Counts:
    if pa.types.is_boolean(values.type):
        return {}
    if pa.types.is_temporal(values.type):
        return counted((fixed(values) // HOUR % 24).astype(np.int64))
    numbers = pc.utf8_length(values) if pa.types.is_string(values.type) else values
    return counted(buckets(fixed(numbers).astype(np.float64)))


def categories(values: pa.Array) -> dict[str, int] | None:
    """Count texts and truth values; None where there are more than `MOST` different ones."""
    if len(pc.unique(values[:_PROBE])) > MOST:
        return None
    found = pc.value_counts(values)
    if len(found) > MOST:
        return None
    texts = found.field("values").cast(pa.string()).to_pylist()
    return dict(sorted(zip(texts, found.field("counts").to_pylist(), strict=True)))


def _merged(parts: Sequence[Profile]) -> Profile:
    return Profile(
        records=sum(part.records for part in parts),
        missing=sum(part.missing for part in parts),
        wrong=sum(part.wrong for part in parts),
        shape=added([part.shape for part in parts]),
        categories=_categories([part.categories for part in parts]),
    )


def _categories(parts: Sequence[dict[str, int] | None]) -> dict[str, int] | None:
    total: dict[str, int] = {}
    for part in parts:
        if part is None:
            return None
        for text, count in part.items():
            total[text] = total.get(text, 0) + count
    return dict(sorted(total.items())) if len(total) <= MOST else None
