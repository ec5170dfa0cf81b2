"""Collected partitions as collect writes them, made from plain rows."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from custody.policy.quality import Quality
from custody.quality import confirming
from custody.quality.bits import unpack
from custody.quality.cells import Cells
from custody.quality.fingerprints import Seeds
from custody.quality.judging import Plan, judge
from custody.quality.merging import Merged, merge
from custody.quality.rules import rules
from custody.records.folder import Folder, open_folder, replace
from support import ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from custody.quality.bits import Mask
    from custody.quality.confirming import Values, Wanted

ARROW = {
    "timestamp": pa.timestamp("us", "UTC"),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
}
CONVERTED = {"timestamp", "ip", "mac", "email", "number", "integer", "boolean"}
SCHEMA = {"amount": "number", "event": "category", "hits": "integer", "src_ip": "ip", "ts": "timestamp", "user": "user"}


@dataclass(frozen=True)
class Wrong:
    """A cell whose text is no value of the column's type."""

    text: str
    why: str = "not_a_number"


def at(second: int) -> dt.datetime:
    """Return a time, so many seconds after midnight of a fixed day."""
    return dt.datetime(2026, 10, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)


def cells(kind: str, values: Sequence[Any]) -> Cells:
    """Return a column of a schema type; a `Wrong` stands in its raw companion."""
    table_ = table([{"column": value} for value in values], {"column": kind})
    return Cells.of(table_, "column")


def table(rows: Sequence[Mapping[str, Any]], schema: Mapping[str, str] | None = None, file: str = "f0") -> pa.Table:
    """Return a partition; a row may hold `source` and `repeat` beside columns of the schema."""
    columns: dict[str, pa.Array] = {}
    kinds = dict(sorted((SCHEMA if schema is None else schema).items()))
    for name, kind in kinds.items():
        found = [row.get(name) for row in rows]
        right = [None if isinstance(value, Wrong) else value for value in found]
        columns[name] = pa.array(right, ARROW.get(kind, pa.string()))
    for name, kind in kinds.items():
        if kind in CONVERTED:
            wrong = [row.get(name) if isinstance(row.get(name), Wrong) else None for row in rows]
            columns[f"{name}!raw"] = pa.array([one and one.text for one in wrong], pa.string())
            columns[f"{name}!why"] = pa.array([one and one.why for one in wrong], pa.string())
    columns["!source"] = pa.array([row.get("source", "edge") for row in rows], pa.string())
    columns["!file"] = pa.array([file] * len(rows), pa.string())
    columns["!line"] = pa.array(range(1, len(rows) + 1), pa.int64())
    columns["!repeat"] = pa.array([row.get("repeat", 1) for row in rows], pa.int64())
    return pa.table(columns)


def quality(**words: Any) -> Quality:
    """Return a quality policy from plain values."""
    return Quality.model_validate_json(json.dumps(words), strict=True)


def plan(policy: Quality, schema: Mapping[str, str] | None = None, bits: int = 64) -> Plan:
    """Return the plan under the tests' zone; hashes of fewer bits collide."""
    seeds = Seeds(Seeds.of(ZONE).seed, bits)
    return Plan(rules(policy), tuple(sorted(SCHEMA if schema is None else schema)), policy, seeds)


def judged(tables: Sequence[pa.Table], plan_: Plan) -> Merged:
    """Judge and merge partitions, in the order given."""

    def look(wanted: Sequence[tuple[int, Wanted]], numbered: bool) -> list[Values]:  # noqa: FBT001  # as its type says
        return [confirming.values(tables[i], plan_, one, numbered=numbered) for i, one in wanted]

    return merge(confirming.confirm([judge(one, plan_) for one in tables], plan_, look), plan_.rules)


def broken(merged: Merged, plan_: Plan) -> dict[str, list[int]]:
    """Return, per rule, the records that break it, counted through all partitions."""
    found: dict[str, list[int]] = {rule.id: [] for rule in plan_.rules}
    start = 0
    for verdict, rows in zip(merged.verdicts, merged.rows, strict=True):
        for rule, bits in zip(plan_.rules, verdict, strict=True):
            found[rule.id] += [start + i for i, one in enumerate(unpack(bits, rows)) if one]
        start += rows
    return found


def listed(mask: Mask) -> list[bool]:
    """Return a mask as plain bools."""
    return [bool(one) for one in mask]


def folder(root: Path, tables: Mapping[str, pa.Table], schema: Mapping[str, str] | None = None, **body: Any) -> Folder:
    """Write a collected folder, partitions listed as given, and open it."""
    kinds = dict(SCHEMA if schema is None else schema)
    count = sum(one.num_rows for one in tables.values())
    files = [{"id": "0123456789abcdef", "sha256": "0" * 64}]
    receipt = {
        "stage": "collect",
        "schema": kinds,
        "sources": {"edge": {"files": files}},
        "accounting": {"read": count, "collected": count, "malformed": 0, "skipped": 0},
        **body,
    }
    with replace(root, ZONE) as sink:
        sink.finish("receipt.json", receipt, [sink.write(name, one) for name, one in tables.items()])
    return open_folder(root, "receipt.json", ZONE)
