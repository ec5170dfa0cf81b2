from __future__ import annotations

import pytest

from privacy.detect.redacting import one

pytest.importorskip(
    "presidio_analyzer", reason="presidio-analyzer is not installed: see requirements-bench.lock in tests/README.md"
)


def test_presidio_adds_what_it_finds_at_its_place() -> None:
    assert one("é call +49 30 901820 or 10.0.0.1", "presidio") == "é call <personal> or <ip>"


def test_presidio_leaves_placeholders_alone() -> None:
    once = one("call +49 30 901820, user=alice", "presidio", "accounts")
    assert once == "call <personal>, user=<user>"
    assert one(once, "presidio", "accounts") == once
