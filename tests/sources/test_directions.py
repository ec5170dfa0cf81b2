"""Streams know no format, values know neither: each can be read, and changed, without what stands on it."""

from __future__ import annotations

from typing import Any

import pytest

from imports import imports_of
from support import STAGES

SOURCES = STAGES / "custody" / "sources"
ABOVE = {"streams": {"formats", "values"}, "values": {"formats", "streams"}, "formats": {"values"}}
FILES = [(part, path) for part in ABOVE for path in sorted((SOURCES / part).glob("*.py"))]


@pytest.mark.parametrize(("part", "path"), FILES, ids=[f"{part}/{path.stem}" for part, path in FILES])
def test_a_part_imports_none_that_stands_on_it(part: str, path: Any) -> None:
    used = {other.parent.name for other in imports_of(path) if other.parent.parent == SOURCES}
    assert not used & ABOVE[part]
