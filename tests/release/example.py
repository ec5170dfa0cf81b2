"""A small chain of stage outputs to decide on: receipts as the stages write them, and a candidate of two files."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from custody.engine import serial
from custody.governance import made_here as marks
from custody.policy import Policy
from custody.records import digest, replace
from custody.records.folder import read_receipt
from custody.release import deciding
from support import ZONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Body = dict[str, Any]
CODE = "c0de" * 16
"""Digest of the code that every stage of the example ran."""
ROWS = 30
"""Rows of each of the candidate's two files."""

PROVENANCE = {"owner": "web", "license": "Apache-2.0", "basis": "security", "review_by": "2027-11-01"}
SOURCE = {
    "path": "data/sources/edge.csv",
    "format": {"type": "csv"},
    "columns": {"ts": "time", "user": "login", "event": "code"},
    "provenance": PROVENANCE,
    "purposes": ["threat-detection"],
}
VALUES: Body = {
    "dataset": {"name": "auth-events", "purpose": "threat-detection", "as_of": "2026-11-01"},
    "keys": {"zone": ZONE.name, "check": ZONE.check},
    "sources": {
        "edge": SOURCE,
        "alerts": {**SOURCE, "path": "data/sources/alerts.csv", "provenance": {**PROVENANCE, "license": "CC-BY-4.0"}},
    },
    "schema": {
        "ts": "timestamp",
        "user": "user",
        "event": "category",
        "score": "number",
        "hits": "integer",
        "admin": "boolean",
        "secret": "text",
        "terms": "category",
    },
    "quality": {"key": ["ts", "user"], "rules": {"score": {"range": {"min": 0, "max": 1, "min_pass": 0.95}}}},
    "privacy": {
        "subject": "user",
        "columns": {
            "ts": {"role": "quasi", "technique": "round_time", "to": "1h"},
            "user": {"role": "direct", "technique": "mac", "domain": "person"},
            "event": {"role": "sensitive", "technique": "keep"},
            "score": {"role": "insensitive", "technique": "keep"},
            "hits": {"role": "insensitive", "technique": "keep"},
            "admin": {"role": "insensitive", "technique": "keep"},
            "secret": {"role": "direct", "technique": "suppress"},
            "terms": {"role": "insensitive", "technique": "keep"},
        },
        "k": 5,
    },
    "gate": {"min_rows": 1, "min_quality_score": 0.8, "licenses": ["Apache-2.0", "CC-BY-4.0"]},
}


def policy(**sections: Body) -> Policy:
    """Return the example's policy with keys of sections replaced: `policy(gate={"min_rows": 5})`."""
    values = copy.deepcopy(VALUES)
    for section, keys in sections.items():
        values[section].update(keys)
    return Policy.model_validate_json(json.dumps(values), strict=True)


def table(start: int = 0, terms: str | None = "Apache-2.0") -> pa.Table:
    """Return rows as anonymize leaves them; every column but row_id and user repeats itself."""
    rows = range(start, start + ROWS)
    when = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    return pa.table(
        {
            "row_id": [f"{row:032x}" for row in rows],
            "admin": pa.array([None, True, False] * (ROWS // 3), pa.bool_()),
            "event": ["login", "failure"] * (ROWS // 2),
            "hits": pa.array([None, *[2**53 + 1] * (ROWS - 1)], pa.int64()),
            "score": pa.array([None, *[0.25] * (ROWS - 1)], pa.float64()),
            "terms": pa.array([terms] * ROWS, pa.string()),
            "ts": pa.array([when] * ROWS, pa.timestamp("us", tz="UTC")),
            "user": [f"u_{row % 6:024x}" for row in rows],
        }
    )


def tables() -> dict[str, pa.Table]:
    """Return the candidate: one file of each source."""
    return {"alerts-00000000000000aa-00000": table(), "edge-00000000000000bb-00000": table(ROWS)}


def bodies() -> tuple[Body, Body, Body]:
    """Return receipt and reports that add up: 80 read, 75 collected, 70 accepted, 60 in the candidate."""
    counts = {"read": 40, "malformed": 1, "skipped": 1}

    def source(name: str, collected: int, skipped: int) -> Body:
        file = {"id": name[0] * 16, "sha256": name[0] * 64, "bytes": 4096, "first": None, "last": None}
        counted = {**counts, "collected": collected, "skipped": skipped}
        provenance = VALUES["sources"][name]["provenance"]
        files = [{**file, **counted}]
        return {**provenance, "purposes": ["threat-detection"], "missing_columns": [], "files": files}

    receipt = {
        "stage": "collect",
        "zone": ZONE.check,
        "schema": VALUES["schema"],
        "sources": {"alerts": source("alerts", 38, 1), "edge": source("edge", 37, 2)},
        "accounting": {"read": 80, "collected": 75, "malformed": 2, "skipped": 3},
        "malformed": {"ragged": 2},
        "skipped": {"header": 2, "blank": 1},
    }
    rule = {"severity": "error", "min_pass": 0.0, "dimension": "consistency", "broken": 0, "pass_rate": 1.0}
    validated = {
        "stage": "validate",
        "rules": {
            "duplicates": {**rule, "evaluated": 75},
            "conflicts": {**rule, "evaluated": 75},
            "score.range": {**rule, "min_pass": 0.95, "evaluated": 60, "broken": 3, "pass_rate": 0.95},
        },
        "records_evaluated": 75,
        "accounting": {"collected": 75, "accepted": 70, "quarantined": 5},
        "score": 0.9,
        "dimensions": {"completeness": 0.9, "accuracy": 0.95, "consistency": None},
        "not_evaluated": [],
    }
    columns = VALUES["privacy"]["columns"]
    anonymized = {
        "stage": "anonymize",
        "dataset": {**VALUES["dataset"], "audience": "internal"},
        "accounting": {"accepted": 70, "candidate": 60, "suppressed": 6, "withheld": 4},
        "withheld": {"purpose": 4},
        "suppressed": {"k": 6},
        "columns": {
            name: {"role": one["role"], "technique": one["technique"], "distinct": 2, "rows": 60}
            for name, one in columns.items()
        },
        "risk": {"k_required": 5, "k_smallest": 6, "subjects": 6, "evaluated": True, "reason": None},
        "leaks": {"residual": 0, "coincidences": 2, "evaluated": True},
        "attack": {"hits": 0, "evaluated": True},
    }
    return copy.deepcopy((receipt, validated, anonymized))


def build(
    root: Path,
    change: Callable[[Body, Body, Body], None] | None = None,
    files: dict[str, pa.Table] | None = None,
    under: Policy | None = None,
) -> Path:
    """Write `collected` (its receipt alone), `validated` and `anonymized` under `root`; return the last."""
    stated = (under or policy()).digests("dataset", "keys", "privacy", "quality", "schema", "sources")
    receipt, validated, anonymized = bodies()
    if change is not None:
        change(receipt, validated, anonymized)
    _folder(root / "collected", "receipt.json", receipt, {}, stated)
    collected = read_receipt(root / "collected", "receipt.json", ZONE).digest
    _folder(root / "validated", "report.json", {"collected": collected, **validated}, {}, stated)
    judged = read_receipt(root / "validated", "report.json", ZONE).digest
    body = {"collected": collected, "validated": judged, **anonymized}
    _folder(root / "anonymized", "report.json", body, tables() if files is None else files, stated)
    return root / "anonymized"


def made_here(root: Path) -> Path:
    """Decide on it; return the folder of the release of two files, which was made in this workspace."""
    target = root / "released"
    deciding.record(build(root), target, policy(), ZONE, serial.run, CODE)
    marks.mark(digest.file_sha256(target / "statement.json"))
    return target


def _folder(target: Path, receipt: str, body: Body, files: dict[str, pa.Table], stated: dict[str, str]) -> None:
    with replace(target, ZONE, stated, CODE) as sink:
        sink.finish(receipt, body, [sink.write(name, one) for name, one in files.items()])
