"""Collected and validated folders as their stages write them, made from plain rows, and anonymize run over them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from custody.engine import serial
from custody.policy.dataset import Dataset
from custody.policy.privacy import Privacy
from custody.privacy.anonymizing import anonymize
from custody.privacy.inputs import CONVERTED
from custody.records.folder import Folder, open_folder, replace
from support import ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from custody.records.run import Run
    from custody.records.zone import Zone

ARROW = {
    "timestamp": pa.timestamp("us", "UTC"),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
}
DATASET = Dataset(name="events", purpose="detection", as_of="2026-11-01")
SCHEMA = {
    "area": "category",
    "event": "category",
    "message": "text",
    "src_ip": "ip",
    "ts": "timestamp",
    "user": "user",
}
COLUMNS: dict[str, dict[str, Any]] = {
    "area": {"role": "quasi", "technique": "keep"},
    "event": {"role": "sensitive", "technique": "keep"},
    "message": {"role": "insensitive", "technique": "redact_text"},
    "src_ip": {"role": "direct", "technique": "ip_prefix", "domain": "network"},
    "ts": {"role": "quasi", "technique": "round_time", "to": "1d"},
    "user": {"role": "direct", "technique": "mac", "domain": "person"},
}
RULES = ("area.allowed", "duplicates", "user.complete")
QUARANTINING = ("area.allowed", "duplicates")


@dataclass(frozen=True)
class Wrong:
    """A cell whose text is no value of the column's type."""

    text: str


@dataclass(frozen=True)
class Source:
    """One source with one file of records; `broken` names, by place, the rules that a record breaks."""

    rows: Sequence[Mapping[str, Any]]
    name: str = "edge"
    file: str = "00112233aabbccdd"
    purposes: tuple[str, ...] = ("detection",)
    broken: Mapping[int, Sequence[str]] = field(default_factory=dict)


def at(day: int, hour: int = 12) -> dt.datetime:
    """Return a time in October 2026."""
    return dt.datetime(2026, 10, day, hour, tzinfo=dt.UTC)


def privacy(columns: Mapping[str, Any] | None = None, **given: Any) -> Privacy:
    """Return a privacy policy: the usual columns, those of `columns` in their place."""
    return Privacy.model_validate({"columns": {**COLUMNS, **(columns or {})}, **given}, strict=True)


def table(rows: Sequence[Mapping[str, Any]], schema: Mapping[str, str], source: Source, first: int) -> pa.Table:
    """Return a collected partition; `first` is the line of its first record."""
    columns: dict[str, pa.Array] = {}
    for name, kind in sorted(schema.items()):
        right = [None if isinstance(row.get(name), Wrong) else row.get(name) for row in rows]
        columns[name] = pa.array(right, ARROW.get(kind, pa.string()))
    for name in sorted(name for name, kind in schema.items() if kind in CONVERTED):
        wrong = [cell.text if isinstance(cell := row.get(name), Wrong) else None for row in rows]
        columns[f"{name}!raw"] = pa.array(wrong, pa.string())
        columns[f"{name}!why"] = pa.array([text and "not_an_address" for text in wrong], pa.string())
    columns["!source"] = pa.array([source.name] * len(rows), pa.string())
    columns["!file"] = pa.array([source.file] * len(rows), pa.string())
    columns["!line"] = pa.array(range(first, first + len(rows)), pa.int64())
    columns["!repeat"] = pa.array([1] * len(rows), pa.int64())
    return pa.table(columns)


def folders(
    root: Path, sources: Sequence[Source], schema: Mapping[str, str] = SCHEMA, size: int = 65_536, zone: Zone = ZONE
) -> tuple[Folder, Folder]:
    """Write both folders under `root`, in partitions of `size` records, and open them."""
    listed = {source.name: {"purposes": list(source.purposes), "files": []} for source in sources}
    records = sum(len(source.rows) for source in sources)
    with replace(root / "collected", zone) as sink:
        written = [
            sink.write(_name(source, start, size), table(source.rows[start : start + size], schema, source, start + 1))
            for source in sources
            for start in range(0, len(source.rows), size)
        ]
        receipt = {"stage": "collect", "zone": zone.check, "schema": dict(schema), "sources": listed}
        sink.finish("receipt.json", {**receipt, "accounting": {"collected": records}}, written)
    collected = open_folder(root / "collected", "receipt.json", zone)
    quarantined = sum(bool({*QUARANTINING} & {*broken}) for source in sources for broken in source.broken.values())
    with replace(root / "validated", zone) as sink:
        written = [
            sink.write(_name(source, start, size), _verdicts(source, start, min(size, len(source.rows) - start)))
            for source in sources
            for start in range(0, len(source.rows), size)
        ]
        report = {"stage": "validate", "collected": collected.digest, "quarantine_rules": list(QUARANTINING)}
        counts = {"collected": records, "accepted": records - quarantined, "quarantined": quarantined}
        sink.finish("report.json", {**report, "accounting": counts}, written)
    return collected, open_folder(root / "validated", "report.json", zone)


@dataclass(frozen=True)
class Candidate:
    """What anonymize wrote."""

    folder: Folder
    body: dict[str, Any]

    @property
    def rows(self) -> pa.Table:
        """All rows, partition after partition."""
        return pa.concat_tables([self.folder.read(one) for one in self.folder.partitions])

    def by_id(self) -> list[dict[str, Any]]:
        """Return all rows in the order of their ids, whatever partition they stand in."""
        if not self.folder.partitions:
            return []
        rows: list[dict[str, Any]] = self.rows.sort_by("row_id").to_pylist()
        return rows


def anonymized(
    root: Path,
    sources: Sequence[Source],
    policy: Privacy,
    schema: Mapping[str, str] = SCHEMA,
    size: int = 65_536,
    run: Run = serial.run,
) -> Candidate:
    """Write both folders, run anonymize over them and open the candidate."""
    collected, validated = folders(root, sources, schema, size)
    with replace(root / "anonymized", ZONE) as sink:
        body = anonymize(collected, validated, DATASET, policy, sink, run)
    return Candidate(open_folder(root / "anonymized", "report.json", ZONE), body)


def _name(source: Source, start: int, size: int) -> str:
    return f"{source.name}-{source.file}-{start // size:05}"


def _verdicts(source: Source, start: int, rows: int) -> pa.Table:
    broken = [source.broken.get(place, ()) for place in range(start, start + rows)]
    return pa.table({rule: pa.array([rule in rules for rules in broken], pa.bool_()) for rule in RULES})


def texts(rows: pa.Table) -> list[str]:
    """Return every cell of a table as text."""
    columns = [pc.cast(column, pa.string()).to_pylist() for column in rows.columns]
    return [cell for column in columns for cell in column if cell is not None]
