"""Sources of a few columns, for tests that collect."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from custody.policy.sources import Source

FIELDS: dict[str, Any] = {"ts": "timestamp", "user": "user", "src_ip": "ip", "score": "number", "note": "text"}
CSV = {"ts": "time", "user": "login", "src_ip": "ip", "score": "risk"}
PROVENANCE = {"owner": "team", "license": "Apache-2.0", "basis": "security", "review_by": "2027-01-01"}


def source(path: str, how: dict[str, Any] | None = None, columns: dict[str, str] | None = None, **more: Any) -> Source:
    raw = {
        "path": path,
        "format": how or {"type": "csv"},
        "columns": columns or CSV,
        "provenance": PROVENANCE,
        "purposes": ["p"],
    }
    return Source.model_validate_json(json.dumps({**raw, **more}))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def csv_text(count: int, seed: int = 1) -> str:
    dice = random.Random(seed)  # noqa: S311  # no secret
    lines = (
        f"2026-01-01T00:{i // 60 % 60:02d}:{i % 60:02d}Z,u{dice.randrange(50)},10.0.0.{i % 256},{dice.random():.4f},x\n"
        for i in range(count)
    )
    return "time,login,ip,risk,extra\n" + "".join(lines)
