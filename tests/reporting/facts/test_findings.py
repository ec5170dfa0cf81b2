"""What validate finds beyond its rules is shown whatever it is called."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from custody.reporting.facts.findings import findings
from custody.reporting.reading import Stage


def _of(reading: Any, **parts: Any) -> Any:
    read = reading()
    body = {key: value for key, value in read.body("validate").items() if key not in {"anchor", "drift", "findings"}}
    return findings(replace(read, stages={**read.stages, "validate": Stage({**body, **parts}, "")}))


def test_drift_and_findings_are_tables(reading: Any) -> None:
    told = _of(
        reading, anchor={"revision": "abc"}, drift={"ts": {"psi": 0.4}}, findings=[{"code": "one_class", "count": 9}]
    )
    assert told.anchored
    shown = {table.name: table.lines for table in told.tables}
    assert shown["drift"] == (("ts", 0.4),)
    assert shown["findings"] == (("one_class", 9),)


@pytest.mark.parametrize("anchor", [None, {}, {"revision": None}])
def test_no_anchor_is_said(reading: Any, anchor: Any) -> None:
    assert not _of(reading, anchor=anchor).anchored
    assert not _of(reading).anchored
