"""What several tests need: where the project is, and keys of their own."""

from __future__ import annotations

from pathlib import Path

from custody.records.zone import Zone

ROOT = Path(__file__).resolve().parent.parent
STAGES = ROOT / "stages"
ZONE = Zone("test", bytes(range(32)))
