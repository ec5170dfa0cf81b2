"""Wanted fields of JSON objects, as columns of text.

A path such as `id.orig_h` is tried as it stands first, since some tools write flat keys with dots in them, then from
its longest beginning on that names an object. The first that is there counts, object by object.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.formats.json_level import Level, lookup
from custody.sources.formats.json_text import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

Exact: TypeAlias = Callable[[int], object]
"""Number of an object in its batch → the object with exact integers."""

EXACT = 2.0**53
SAFE = frozenset({str, int, bool, type(None)})
SCALARS = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


@dataclass(frozen=True)
class Fields:
    """The columns of some objects."""

    columns: dict[str, pa.Array]
    mixed: dict[str, np.ndarray]
    missing: frozenset[str]

    def ordered(self, order: np.ndarray) -> Fields:
        """Return the same objects in another order."""
        places = pa.array(order)
        columns = {name: column.take(places) for name, column in self.columns.items()}
        return Fields(columns, {name: mask[order] for name, mask in self.mixed.items()}, self.missing)


def joined(parts: Sequence[Fields], rows: Sequence[int]) -> Fields:
    """Return the columns of consecutive objects, of which each part has so many `rows`."""
    names = dict.fromkeys(name for part in parts for name in part.columns)
    flagged = dict.fromkeys(name for part in parts for name in part.mixed)
    both = list(zip(parts, rows, strict=True))
    nothing = {count: (pa.nulls(count, pa.string()), np.zeros(count, bool)) for count in rows}
    return Fields(
        {name: pa.concat_arrays([part.columns.get(name, nothing[count][0]) for part, count in both]) for name in names},
        {name: np.concatenate([part.mixed.get(name, nothing[count][1]) for part, count in both]) for name in flagged},
        frozenset.intersection(*(part.missing for part in parts)),
    )


def columns(level: Level, wanted: Sequence[str], exact: Exact) -> Fields:
    """Return the `wanted` fields of the objects of `level` as strings, null where a field is absent or null.

    Numbers are their shortest text: integers to the last digit, others to the precision of a double.
    """
    found: dict[str, pa.Array] = {}
    mixed: dict[str, np.ndarray] = {}
    missing = set()
    for name in wanted:
        values = level.values(name)
        if values is None:
            missing.add(name)
            continue
        kinds = set(map(type, values))
        if kinds & {dict, list, float}:
            values = _unrounded(values, name, exact)
            kinds = set(map(type, values))
        found[name] = _text(values, kinds)
        if dict in kinds or list in kinds:
            mixed[name] = np.fromiter((isinstance(value, dict | list) for value in values), bool, len(values))
    return Fields(found, mixed, frozenset(missing))


def _unrounded(values: list[object], name: str, exact: Exact) -> list[object]:
    """Return `values` with the integers that were too large for the parser, and so became floats, as integers."""
    places = [
        i
        for i, value in enumerate(values)
        if type(value) not in SAFE and (not -EXACT < value < EXACT if type(value) is float else _rounded(value))
    ]
    if places:
        values = list(values)
    for i in places:
        values[i] = lookup(exact(i), name)
    return values


def _rounded(value: object) -> bool:
    if isinstance(value, float):
        return abs(value) >= EXACT
    if isinstance(value, dict):
        return any(map(_rounded, value.values()))
    return isinstance(value, list) and any(map(_rounded, value))


def _text(values: list[object], kinds: set[type]) -> pa.Array:
    kinds = kinds - {type(None)}
    if not kinds:
        return pa.nulls(len(values), pa.string())
    parts = [
        _one_kind(values if len(kinds) == 1 else [v if type(v) is kind else None for v in values], kind)
        for kind in sorted(kinds, key=lambda kind: kind.__name__)
    ]
    return parts[0] if len(parts) == 1 else pc.coalesce(*parts)


def _one_kind(values: list[object], kind: type) -> pa.Array:
    if kind in SCALARS:
        try:
            return pa.array(values, SCALARS[kind]).cast(pa.string())
        except (OverflowError, pa.ArrowInvalid):  # beyond 64 bits
            return pa.array([None if value is None else str(value) for value in values], pa.string())
    return pa.array([None if value is None else compact(value) for value in values], pa.string())
