"""The policy on the page is params.yaml, key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.policy import load
from support import ROOT

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report


def test_every_key_stands_there_once(yes: Report) -> None:
    assert yes.policy.digest == load(ROOT / "params.yaml").digest()
    keys = {section.name: dict(section.keys) for section in yes.policy.sections}
    assert keys["privacy"]["k"] == 5
    assert keys["quality"]["rules.threat_score.range.max"] == 1
    assert keys["gate"]["licenses"] == "Apache-2.0, CC-BY-4.0"
    assert all(section.left_out == 0 for section in yes.policy.sections)
