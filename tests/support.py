"""What several tests need: where the project is, and keys of their own."""

from __future__ import annotations

from pathlib import Path

from custody.records.zone import Zone

ROOT = Path(__file__).resolve().parent.parent
STAGES = ROOT / "stages"
ZONE = Zone("test", bytes(range(32)), reversible=Zone("test", bytes(range(32, 64))))


def no_anchor(data: Path) -> None:
    """Put the empty manifest beside a test's stage folders."""
    (data / "anchor").mkdir(parents=True, exist_ok=True)
    (data / "anchor" / "manifest.json").write_text("{}\n", encoding="utf-8")
