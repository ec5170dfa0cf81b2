"""What several tests need: where the project is, and keys of their own, the audit log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from custody.governance.audit.place import folder_of
from custody.records.zone import Zone

ROOT = Path(__file__).resolve().parent.parent
STAGES = ROOT / "stages"
ZONE = Zone("test", bytes(range(32)), reversible=Zone("test", bytes(range(32, 64))))


def no_anchor(data: Path) -> None:
    """Put the empty manifest beside a test's stage folders."""
    (data / "anchor").mkdir(parents=True, exist_ok=True)
    (data / "anchor" / "manifest.json").write_text("{}\n", encoding="utf-8")


def log_path() -> Path:
    """Where the audit log of the project in the work directory is."""
    return folder_of(Path()) / "log.jsonl"


def logged(action: str | None = None) -> list[dict[str, Any]]:
    """Entries of the audit log of the project in the work directory; of one action, or all."""
    lines = log_path().read_text().splitlines() if log_path().exists() else []
    return [entry for line in lines if action in {None, (entry := json.loads(line))["action"]}]
