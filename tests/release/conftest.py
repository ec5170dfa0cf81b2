"""A release that the gate made, for tests of what reads one."""

from __future__ import annotations

from pathlib import Path

import pytest

from custody.engine import serial
from custody.release import deciding
from release import example
from support import ZONE


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """Folder of a release of two files, made in this workspace."""
    return example.made_here(tmp_path)


@pytest.fixture
def refused(tmp_path: Path) -> Path:
    """Folder of a refusal: two conditions are broken."""
    policy = example.policy(gate={"min_rows": 1000, "min_quality_score": 0.95})
    target = tmp_path / "released"
    deciding.record(example.build(tmp_path), target, policy, ZONE, serial.run, example.CODE)
    return target
