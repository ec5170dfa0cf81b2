"""Every action is an event of OCSF with what its class requires (ocsf/ocsf-schema 1.3, `requirement: required`)."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from custody.governance.audit import entry, ocsf
from custody.governance.audit.entry import Action, Event, Head

BASE = {"activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"}
REQUIRED = {
    3004: BASE | {"entity"},
    6003: BASE | {"actor", "api", "src_endpoint"},
    6005: BASE | {"actor", "src_endpoint", "databucket"},  # at least one of database, databucket, table
}
ACTIVITIES = {3004: {1, 2, 3, 4, 99}, 6003: {1, 2, 3, 4, 99}, 6005: {*range(1, 11), 99}}
NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("action", get_args(Action))
@pytest.mark.parametrize("outcome", get_args(entry.Outcome))
def test_every_entry_is_an_event_of_its_class(action: Action, outcome: entry.Outcome) -> None:
    text = entry.line(
        Event(action, outcome, "case 7", "f" * 64, {"stage": "collect"}), NOW, "a" * 16, Head("b" * 32, 4, "1" * 64)
    )
    event = ocsf.event(entry.read(text), entry.digest(text), "0.1.0")
    kind = event["class_uid"]
    assert event.keys() >= REQUIRED[kind]
    assert event["activity_id"] in ACTIVITIES[kind]
    assert event["type_uid"] == kind * 100 + event["activity_id"]
    assert event["category_uid"] == kind // 1000
    assert event["metadata"].keys() >= {"product", "version"}
    assert event["time"] == 1_793_534_400_000
    assert event["status_id"] == {"done": 1, "granted": 99}.get(outcome, 2)
    assert event["actor"] == {"user": {"uid": "a" * 16}}
    assert event["unmapped"]["reason"] == "case 7"
