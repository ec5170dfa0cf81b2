"""With the action quarantine a finding names its records, however they are cut, and these are kept out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from custody.engine import serial
from custody.policy.signals import Signals
from custody.quality import validate
from custody.quality.signals import naming
from custody.quality.signals.evaluating import evaluate
from custody.records.folder import open_folder, replace
from quality.collecting import SCHEMA, Wrong, at, folder, quality, table
from quality.watching import cut, pinned, seen
from support import ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TEAM = {**SCHEMA, "team": "category"}


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {"amount": 1 + i % 7 / 10, "hits": i % 37, "event": "ab"[i % 2], "user": f"u{i}", "ts": at(i), **more}
        for i in range(count)
    ]


FAR = rows(300)
FAR[11] |= {"amount": 1e6, "hits": -(10**6)}
FAR[12] |= {"amount": Wrong("much")}
TILTED = [{**row, "team": "red"} for row in rows(400)] + [{**row, "team": "odd", "event": "a"} for row in rows(200)]
TILTED[410].pop("event")
ONE_SIDED = [*rows(500), *[{**row, "event": "a", "source": "sshd"} for row in rows(100)]]
NEW = [{**row, "event": "new" if i in {3, 250} else row["event"]} for i, row in enumerate(rows(300))]


@pytest.mark.parametrize(
    ("name", "words", "planted", "expected"),
    [
        ("outliers", {"max_share": 0.0}, FAR, [11]),
        ("isolation_forest", {"max_share": 0.0}, FAR, [11]),
        ("balance", {"by": ["team"], "max_difference": 0.2}, TILTED, [i for i in range(400, 600) if i != 410]),
        ("balance", {"max_difference": 0.2}, ONE_SIDED, list(range(500, 600))),
        ("drift", {}, NEW, [3, 250]),
        ("outliers", {"max_share": 0.5}, FAR, []),
    ],
    ids=["outliers", "forest", "group", "source", "new category", "nothing found"],
)
@pytest.mark.parametrize("ends", [(), (1, 290)], ids=["whole", "cut"])
def test_a_finding_names_its_records(
    name: str, words: Mapping[str, Any], planted: list[dict[str, Any]], expected: list[int], ends: tuple[int, ...]
) -> None:
    schema = TEAM if "team" in planted[0] else SCHEMA
    parts = cut(planted, *ends)
    every = seen(parts, {name: {"action": "quarantine", **words}}, pinned(rows(300), schema), schema)
    found = naming.resolved(
        every, evaluate(every), lambda chosen: [naming.masks(table(part, schema), chosen) for part in parts]
    )[name]
    assert found.records is not None
    flat = [bool(one) for mask in found.records for one in mask]
    assert [i for i, one in enumerate(flat) if one] == expected


@pytest.mark.parametrize("action", ["warn", "review", "refuse"])
def test_no_second_look_is_taken_where_nothing_is_quarantined(action: str) -> None:
    every = seen([FAR], {"outliers": {"action": action, "max_share": 0.0}})
    outcome = naming.resolved(every, evaluate(every), lambda _: pytest.fail("looked"))["outliers"]
    assert outcome.records is None
    assert [one.action for one in outcome.findings] == [action, action]


def test_drift_of_a_whole_column_names_no_record_and_is_reviewed() -> None:
    moved = [{**row, "amount": 50.0 + i % 9} for i, row in enumerate(NEW)]
    every = seen([moved], {"drift": {"action": "quarantine"}}, pinned(rows(300)))
    actions = {one.code: one.action for one in evaluate(every)["drift"].findings}
    assert actions == {"drift": "review", "new_category": "quarantine"}


def test_a_constant_feature_speaks_of_all_records_and_cannot_be_quarantined() -> None:
    with pytest.raises(ValidationError):
        Signals.model_validate({"constant": {"action": "quarantine"}})


def test_quarantined_outliers_are_not_accepted(tmp_path: Path) -> None:
    collected = folder(tmp_path / "collected", {"edge-a-00000": table(FAR[:5]), "edge-a-00001": table(FAR[5:])})
    policy = quality(label="event", signals={"outliers": {"action": "quarantine", "max_share": 0.0}})
    with replace(tmp_path / "validated", ZONE) as sink:
        body = validate(collected, policy, sink, serial.run)
    assert body["accounting"] == {"collected": 300, "accepted": 299, "quarantined": 1}
    assert body["quarantined_by"] == {"duplicates": 0, "signals.outliers": 1}
    assert {one["action"] for one in body["findings"]} == {"quarantine"}
    validated = open_folder(tmp_path / "validated", "report.json", ZONE)
    column = [
        one for part in sorted(validated.partitions) for one in validated.read(part)["signals.outliers"].to_pylist()
    ]
    assert [i for i, one in enumerate(column) if one] == [11]
    assert "1000000" not in str(body)
