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


FOUND = {"id": "one_class-1", "code": "one_class", "where": "edge", "count": 9, "of": 90, "severity": "low"}


def test_findings_stand_by_gravity_and_what_has_no_place_yet_is_a_table(reading: Any) -> None:
    grave = {**FOUND, "id": "drift-2", "code": "drift", "severity": "high", "figures": {"psi": 0.4}}
    told = _of(reading, anchor={"revision": "abc"}, later={"ts": {"psi": 0.4}}, findings=[FOUND, grave])
    assert told.anchored
    assert [(one.id, one.count, one.figures) for one in told.found] == [
        ("drift-2", 9, (("psi", 0.4),)),
        ("one_class-1", 9, ()),
    ]
    assert {table.name: table.lines for table in told.tables} == {"later": (("ts", 0.4),)}


@pytest.mark.parametrize(("where", "told"), [("department", "fewer than 5"), ("threat_score", 4), ("edge", 4)])
def test_few_records_of_a_personal_column_are_not_counted(reading: Any, where: str, told: object) -> None:
    [found] = _of(reading, findings=[{**FOUND, "where": where, "count": 4, "figures": {"share": 0.04}}]).found
    assert found.count == told
    assert bool(found.figures) == (told == 4)


def test_columns_stand_by_their_drift_and_few_records_of_a_personal_one_are_not_counted(reading: Any) -> None:
    still = {"column": "mfa", "measure": "psi", "effect": 0.05, "threshold": 0.1, "drifted": False, "new": 3}
    moved = {"column": "department", "measure": "jensen_shannon", "effect": 0.4, "threshold": 0.02, "drifted": True}
    told = _of(reading, drift=[still, {**moved, "new": 3, "vanished": 2}]).drift
    assert [(one.column, one.drifted, one.new, one.vanished) for one in told] == [
        ("department", True, "fewer than 5", 2),
        ("mfa", False, 3, None),
    ]


@pytest.mark.parametrize("anchor", [None, {}, {"revision": None}])
def test_no_anchor_is_said(reading: Any, anchor: Any) -> None:
    assert not _of(reading, anchor=anchor).anchored
    assert not _of(reading).anchored
