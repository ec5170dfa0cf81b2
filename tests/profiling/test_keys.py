"""Names of fields are told; keys of a map, which are people, addresses or hosts, are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from custody.profiling.guess import KEYED, guess
from custody.profiling.keys import paths

PEOPLE = ("alice", "j.doe", "kowalski", "mei-lin", "zoe", "svc_ops", "ulf", "tariq")


def _records(count: int, each: int, **more: Any) -> list[dict[str, Any]]:
    """Records whose `logins` counts some of the people, never all of them."""
    return [
        {"time": f"2026-10-0{i % 9 + 1}", "logins": {PEOPLE[(i + j) % len(PEOPLE)]: j for j in range(each)}, **more}
        for i in range(count)
    ]


@pytest.mark.parametrize(
    "records",
    [
        _records(40, 3),
        [{"logins": {"alice": 3}}],
        [{"logins": {"ALICE": 3, "bob": 1}}] * 20,
        [{"logins": {"zbigniew@corp": 3, "xq": 1}}] * 20,
        [{"logins": {"10.0.0.1": 3, "gate": 1}}] * 20,
        [{"logins": {"host.corp.example": "up", "gate": "down"}}] * 20,
        [{"logins": {f"{chr(97 + i % 26)}{chr(97 + i // 26)}": 1 for i in range(60)}}],
        [{"logins": {who: {"count": i}}} for i, who in enumerate(PEOPLE)],
        [{"by": {"logins": {who: [i]}}} for i, who in enumerate(PEOPLE)],
    ],
    ids=["people", "one of them", "some of them", "mail", "address", "host", "many", "objects", "deeper"],
)
def test_keys_of_a_map_are_not_told(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    file = tmp_path / "raw.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    found = guess(file)
    assert "?" in found.fields
    assert KEYED in found.notes
    told = repr(found).lower()
    keys = {key.lower() for one in records for key in (one.get("logins") or one["by"]["logins"])}
    assert [key for key in keys if f".{key}" in told or f"'{key}'" in told] == []


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        ({"src": {"ip": "10.0.0.1", "port": 22}}, ("src.ip", "src.port")),
        ({"flow": {"bytes": 1, "packets": 2}}, ("flow.bytes", "flow.packets")),
        ({"user": {"name": "alice", "mail": "a@b.example"}}, ("user.name", "user.mail")),
        ({"id.orig_h": "10.0.0.1", "note": None}, ("id.orig_h", "note")),
        ({"empty": {}}, ("empty",)),
        ({"geo": {"admin": "x", "backup": "y"}}, ("geo.admin", "geo.backup")),
    ],
)
def test_fields_of_a_structure_are_told(record: dict[str, Any], fields: tuple[str, ...]) -> None:
    assert paths([record] * 30) == (fields, False)


def test_kinds_of_events_differ_in_their_fields_and_are_no_map() -> None:
    events = [{"event": str(i), f"only_{i % 9}": "a text"} for i in range(90)]
    told, keyed = paths(events)
    assert not keyed
    assert set(told) == {"event", *(f"only_{i}" for i in range(9))}


def test_records_that_are_maps_themselves_are_not_told() -> None:
    days = [{f"{chr(97 + (i + j) % 26)}{chr(97 + (i * 7 + j) % 26)}": j for j in range(4)} for i in range(60)]
    assert paths(days) == (("?",), True)
