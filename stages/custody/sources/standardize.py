"""Raw fields of one source to the columns that all sources share.

Nothing is judged here: a value that is none of its type is kept as clean text in `<column>!raw` with its reason in
`<column>!why`, and the rules decide what becomes of the record. What one row becomes depends on that row alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custody.records.columns import COMPANIONS, FILE, LINE, REPEAT, SOURCE, raw, why
from custody.sources.values import addresses, numeric, times
from custody.sources.values.converted import Converted, among
from custody.sources.values.epochs import STAMP
from custody.sources.values.text import clean, lower

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custody.policy.schema import FieldType
    from custody.sources.formats.reading import Batch
    from custody.sources.values.times import Clock

LINEAGE = pa.schema([(SOURCE, pa.string()), (FILE, pa.string()), (LINE, pa.int64()), (REPEAT, pa.int64())])
MIXED = "mixed"
_HELD = {"timestamp": STAMP, "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}
_CONVERTERS: dict[str, Callable[[pa.Array], Converted]] = {
    "number": numeric.number,
    "integer": numeric.integer,
    "boolean": numeric.boolean,
    "ip": addresses.ip,
    "mac": addresses.mac,
    "email": addresses.email,
}
_NATIVE: dict[str, Callable[[pa.DataType], bool]] = {
    "timestamp": lambda kind: pa.types.is_timestamp(kind) or numeric.counts(kind),
    "number": numeric.counts,
    "integer": numeric.counts,
    "boolean": pa.types.is_boolean,
}
"""Parquet's types that a column takes as they are; of all others it takes the text."""


@dataclass(frozen=True)
class Origin:
    """Where records come from and how their fields map: all that standardizing needs to know of a source."""

    source: str
    file: str
    columns: Mapping[str, str]
    """Ours: theirs."""
    clock: Clock


@dataclass(frozen=True)
class Standard:
    """Records in the collected form."""

    table: pa.Table
    """Columns of `collected_schema`."""
    problems: dict[str, dict[str, int]] = field(default_factory=dict)
    """Column → reason code → records, sorted; only what occurs."""


def collected_schema(fields: Mapping[str, FieldType]) -> pa.Schema:
    """Return the columns of a collected partition: the schema's, sorted; what was not converted, and why; lineage."""
    ours = [(name, _HELD.get(fields[name], pa.string())) for name in sorted(fields)]
    kept = [(end(name), pa.string()) for name in sorted(fields) if fields[name] in COMPANIONS for end in (raw, why)]
    return pa.schema([*ours, *kept, *LINEAGE])


def standardize(batch: Batch, origin: Origin, fields: Mapping[str, FieldType]) -> Standard:
    """Convert a batch of raw fields; columns that the source does not map are null."""
    schema = collected_schema(fields)
    columns: dict[str, pa.Array] = {}
    problems: dict[str, dict[str, int]] = {}
    for name in sorted(fields):
        theirs = origin.columns.get(name)
        if theirs is None or theirs not in batch.table.column_names:
            continue
        mixed = batch.mixed.get(theirs)
        values, texts, codes = _column(_whole(batch.table.column(theirs)), fields[name], origin.clock, _mask(mixed))
        columns[name] = values
        if fields[name] in COMPANIONS:
            columns[raw(name)], columns[why(name)] = texts, codes
        counts = _counts(codes)
        if counts:
            problems[name] = counts
    columns.update(_lineage(batch, origin))
    whole = [columns[one.name] if one.name in columns else pa.nulls(batch.rows, one.type) for one in schema]
    return Standard(pa.Table.from_arrays(whole, schema=schema), problems)


def _column(
    values: pa.Array, kind: FieldType, clock: Clock, mixed: pa.Array | None
) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return values, the text of those that could not be converted, and the reasons."""
    none = pa.nulls(len(values), pa.string())
    native = kind in _NATIVE and _NATIVE[kind](values.type)
    settled = values if native else clean(values.cast(pa.string()))
    if kind not in COMPANIONS:
        text = lower(settled) if kind == "host" else settled
        return text, none, none if mixed is None else among(mixed, _same(MIXED, len(values)))
    scalar = settled if mixed is None else among(pc.invert(mixed), settled)
    done = times.instants(scalar, clock) if kind == "timestamp" else _CONVERTERS[kind](scalar)
    codes = none if done.why is None else done.why
    if mixed is not None:
        codes = pc.if_else(mixed, MIXED, codes)
    texts = none if codes.null_count == len(codes) else among(pc.is_valid(codes), settled.cast(pa.string()))
    return done.values, texts, codes


def _mask(mixed: object) -> pa.Array | None:
    return None if mixed is None else pa.array(mixed, pa.bool_())


def _same(code: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(code), rows)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    merged = column.combine_chunks()
    return merged if isinstance(merged, pa.Array) else pa.concat_arrays(merged.chunks or [pa.array([], column.type)])


def _counts(codes: pa.Array) -> dict[str, int]:
    if codes.null_count == len(codes):
        return {}
    counted = pc.value_counts(codes.drop_null()).to_pylist()
    return {one["values"]: one["counts"] for one in sorted(counted, key=lambda one: str(one["values"]))}


def _lineage(batch: Batch, origin: Origin) -> dict[str, pa.Array]:
    rows = batch.rows
    return {
        SOURCE: _same(origin.source, rows),
        FILE: _same(origin.file, rows),
        LINE: pa.array(batch.lines, pa.int64()),
        REPEAT: pa.repeat(pa.scalar(1, pa.int64()), rows)
        if batch.repeat is None
        else pa.array(batch.repeat, pa.int64()),
    }
