"""The audit's model as tables of integers and keyed hashes, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from custody.quality.audit.bins import Bin
from custody.quality.audit.model import Label, Model
from custody.quality.audit.trees import DEPTH, Trees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

BINS: Final = "audit_bins"
TREES: Final = "audit_trees"
MARGINS: Final = "audit_margins"
_BINS: Final = pa.schema(
    [("column", pa.string()), ("kind", pa.string()), ("edge", pa.int64()), ("category", pa.string())]
)
_TREES: Final = pa.schema([("label", pa.string()), ("tree", pa.int64()), ("place", pa.int64()), ("value", pa.int64())])
_MARGINS: Final = pa.schema([("label", pa.string()), ("margin", pa.int64()), ("records", pa.int64())])


def tables(model: Model) -> dict[str, pa.Table]:
    """Return the model's three tables by their part's name."""
    return {
        BINS: _table(_BINS, (row for one in model.bins for row in _bin(one))),
        TREES: _table(_TREES, (row for name, one in sorted(model.labels.items()) for row in _trees(name, one.model))),
        MARGINS: _table(
            _MARGINS,
            ((name, *pair) for name, one in sorted(model.labels.items()) for pair in sorted(one.margins.items())),
        ),
    }


def read(part: Callable[[str], pa.Table | None]) -> Model | None:
    """Return the model that an anchor's parts hold, or None where there is none; `ValueError` where they are others."""
    found = [part(name) for name in (BINS, TREES, MARGINS)]
    if any(table is None or not table.num_rows for table in found):
        return None
    for table, schema in zip(found, (_BINS, _TREES, _MARGINS), strict=True):
        if table is None or table.schema != schema:
            raise ValueError("no model of the audit")
    bins, trees, margins = found
    labels = {}
    for name in sorted(set(_values(margins, "label"))):
        rows = [row for row in _rows(margins) if row["label"] == name]
        labels[name] = Label(_model(trees, name), {row["margin"]: row["records"] for row in rows})
    return Model(tuple(_read_bins(bins)), labels)


def _bin(one: Bin) -> list[tuple[Any, ...]]:
    edges = [(one.column, one.kind, edge, None) for edge in one.edges]
    return [
        (one.column, one.kind, None, None),
        *edges,
        *((one.column, one.kind, None, name) for name in one.categories),
    ]


def _read_bins(table: Any) -> list[Bin]:
    rows, order = _rows(table), dict.fromkeys(_values(table, "column"))
    return [
        Bin(
            name,
            next(row["kind"] for row in rows if row["column"] == name),
            tuple(row["edge"] for row in rows if row["column"] == name and row["edge"] is not None),
            tuple(row["category"] for row in rows if row["column"] == name and row["category"] is not None),
        )
        for name in order
    ]


def _trees(label: str, model: Trees) -> Iterable[tuple[str, int, int, int]]:
    """Per tree: its questions (feature, edge, …), then its leaves; tree -1 holds the base."""
    yield label, -1, 0, model.base
    for i, (splits, leaves) in enumerate(zip(model.splits, model.leaves, strict=True)):
        for place, value in enumerate([*splits.reshape(-1).tolist(), *leaves.tolist()]):
            yield label, i, place, value


def _model(table: Any, label: str) -> Trees:
    values = table.filter(pa.compute.equal(table.column("label"), label)).column("value").to_numpy()
    size = 2 * DEPTH + (1 << DEPTH)
    if len(values) % size != 1:
        raise ValueError("no model of the audit")
    grid = values[1:].reshape(-1, size)
    splits = grid[:, : 2 * DEPTH].astype(np.uint8).reshape(-1, DEPTH, 2)
    return Trees(int(values[0]), splits, np.ascontiguousarray(grid[:, 2 * DEPTH :], dtype=np.int32))


def _table(schema: pa.Schema, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table(dict(zip(schema.names, map(list, columns), strict=True)), schema=schema)


def _rows(table: Any) -> list[dict[str, Any]]:
    return table.to_pylist()  # type: ignore[no-any-return]


def _values(table: Any, column: str) -> list[Any]:
    return table.column(column).to_pylist()  # type: ignore[no-any-return]
