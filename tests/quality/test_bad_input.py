"""Odd data with every kind of rule and every signal looked for: the right answer, never a check that fails."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from custody.engine import serial
from custody.policy.gate import Gate
from custody.quality import validate
from custody.quality.signals.evaluating import LOOKS
from custody.records.folder import open_folder, replace
from custody.release import findings
from quality.collecting import SCHEMA, Wrong, at, folder, quality, table
from support import ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

RULES: dict[str, Any] = {
    "amount": {"complete": {}, "finite": {}, "range": {"min": 0, "max": 1}, "type": {}},
    "event": {"allowed": {"values": ["login", "logout"]}, "uniform": {"severity": "warn"}},
    "hits": {"unique": {}},
    "ts": {"range": {"min": "1900-01-01T00:00:00Z", "max": "2400-01-01T00:00:00Z"}},
    "user": {"pattern": {"regex": "[a-z0-9]+"}, "length": {"max": 9}},
}
WORDS: dict[str, Any] = {
    "key": ["user", "ts"],
    "conflicts": "prefer_newest",
    "newest": "ts",
    "label": "event",
    "rules": RULES,
    "predicates": {"less": {"left": "amount", "op": "<=", "right": "hits"}},
    "signals": {name: {} for name in LOOKS},
}
GOOD = [
    {"amount": i % 10 / 10, "event": ("login", "logout")[i % 2], "hits": i + 1, "ts": at(i), "user": f"u{i}"}
    for i in range(40)
]


def judged(root: Path, parts: Sequence[Sequence[Mapping[str, Any]]], **words: Any) -> dict[str, Any]:
    """Validate these partitions under all rules and signals; nothing may fail, and no value be told."""
    collected = folder(root / "collected", {f"edge-{i}-00000": table(rows) for i, rows in enumerate(parts)})
    with replace(root / "validated", ZONE) as sink:
        body = validate(collected, quality(**{**WORDS, **words}), sink, serial.run)
    assert "check_failed" not in json.dumps(body)
    assert body["accounting"]["collected"] == sum(map(len, parts))
    return body


def broken(root: Path, rule: str) -> list[int]:
    """Return the records that break a rule, counted through all partitions."""
    validated = open_folder(root / "validated", "report.json", ZONE)
    found = [one for part in sorted(validated.partitions) for one in validated.read(part).column(rule).to_pylist()]
    return [i for i, one in enumerate(found) if one]


@pytest.mark.parametrize("parts", [[], [[]], [[], []]], ids=["no partition", "an empty one", "two"])
def test_an_empty_batch_evaluates_nothing_and_is_refused(tmp_path: Path, parts: list[Any]) -> None:
    body = judged(tmp_path, parts)
    assert body["score"] is None
    assert {one["rule"] for one in body["not_evaluated"]} == set(body["rules"])
    assert {one["evaluated"] for one in body["signals"].values()} == {False}
    gate = Gate.model_validate({"min_quality_score": 0, "licenses": ("x",)})
    held = {one.id: one.held for one in findings.signals(body, quality(**WORDS), gate)}
    assert {name for name, one in held.items() if one} == {"signals.appended_block", "signals.drift"}, "no anchor"


def test_a_single_record_is_judged_and_its_one_class_said(tmp_path: Path) -> None:
    body = judged(tmp_path, [GOOD[:1]])
    assert body["accounting"] == {"collected": 1, "accepted": 1, "quarantined": 0}
    assert {one["code"] for one in body["findings"]} == {"one_class", "constant"}


def test_one_class_is_a_finding_over_all_records(tmp_path: Path) -> None:
    body = judged(tmp_path, [[{**one, "event": "login"} for one in GOOD]])
    [found] = [one for one in body["findings"] if one["code"] == "one_class"]
    assert (found["where"], found["count"], found["severity"]) == ("", 40, "high")


def test_a_label_never_seen_breaks_the_closed_list(tmp_path: Path) -> None:
    judged(tmp_path, [[*GOOD, {**GOOD[0], "event": "novel", "ts": at(99), "hits": 99}]])
    assert broken(tmp_path, "event.allowed") == [40]


def test_a_column_of_nulls_evaluates_nothing_but_its_completeness(tmp_path: Path) -> None:
    body = judged(tmp_path, [[{**one, "amount": None} for one in GOOD]])
    assert body["rules"]["amount.complete"]["broken"] == 40
    assert {one["rule"] for one in body["not_evaluated"]} == {
        "amount.finite",
        "amount.range",
        "amount.type",
        "predicates.less",
    }
    assert body["missing"]["amount"] == 40
    assert [one["count"] for one in body["findings"] if one["where"] == "amount"] == [40]


def test_infinities_and_no_numbers_break_every_rule_of_numbers(tmp_path: Path) -> None:
    odd = [float("inf"), float("-inf"), float("nan"), Wrong("Infinity"), 0.5]
    judged(tmp_path, [[*GOOD, *({**GOOD[0], "amount": one, "ts": at(100 + i)} for i, one in enumerate(odd))]])
    for rule in ("amount.finite", "amount.range", "amount.type"):
        assert broken(tmp_path, rule) == [40, 41, 42, 43], rule


def test_200_000_categories_are_judged_and_none_is_listed(tmp_path: Path) -> None:
    rows = [{"event": f"category-{i}", "user": "ann", "ts": at(i), "hits": i, "amount": 0.5} for i in range(200_000)]
    parts = [rows[:65_536], rows[65_536:131_072], rows[131_072:]]
    body = judged(tmp_path, parts, signals={name: {} for name in LOOKS if name not in {"balance", "label_audit"}})
    assert body["rules"]["event.allowed"]["broken"] == 200_000
    text = (tmp_path / "validated/report.json").read_text()
    assert "category" not in text
    assert len(text) < 20_000


def test_types_that_differ_by_partition_are_told_by_all_of_them(tmp_path: Path) -> None:
    numbers = [{**one, "event": str(i)} for i, one in enumerate(GOOD[:10])]
    times = [{**one, "event": "2026-10-01"} for one in GOOD[10:13]]
    wrong = [{**one, "amount": Wrong("2026-10-01")} for one in GOOD[13:15]]
    judged(tmp_path, [numbers, times, [], wrong, GOOD[15:]])
    assert broken(tmp_path, "event.uniform") == list(range(13)), "most of all records are texts"
    assert broken(tmp_path, "amount.type") == [13, 14]


def test_dates_before_1970_and_after_2262_are_compared_as_what_they_are(tmp_path: Path) -> None:
    days = [dt.datetime(year, 6, 1, tzinfo=dt.UTC) for year in (1, 1677, 1899, 1969, 2263, 2399, 2400, 9999)]
    rows = [{**GOOD[i], "user": "same", "ts": day} for i, day in enumerate(days)]
    body = judged(tmp_path, [rows[:3], rows[3:]], key=["user"])
    assert broken(tmp_path, "ts.range") == [0, 1, 2, 6, 7]
    assert broken(tmp_path, "conflicts") == list(range(7)), "of one key, the newest is that of 9999"
    assert body["missing"]["ts"] == 0


def test_keys_that_stand_twice_are_found_across_partitions(tmp_path: Path) -> None:
    other = {**GOOD[3], "amount": 0.9, "hits": 77}
    parts = [GOOD[:10], GOOD[10:], [other], [GOOD[3]], [{**GOOD[5], "hits": 78}]]
    judged(tmp_path, parts, conflicts="quarantine", newest=None)
    assert broken(tmp_path, "conflicts") == [3, 5, 40, 41, 42]
    assert broken(tmp_path, "duplicates") == [41], "the first copy stands in the first partition"
    assert broken(tmp_path, "hits.unique") == [3, 41]


def test_a_source_that_is_trusted_more_wins_from_another_partition(tmp_path: Path) -> None:
    rows = [{**GOOD[0], "source": "edge"}, {**GOOD[1], "source": "edge"}]
    better = [{**GOOD[0], "amount": 0.7, "source": "alerts"}]
    judged(tmp_path, [rows, better], conflicts="prefer_source", precedence=["alerts", "edge"], newest=None)
    assert broken(tmp_path, "conflicts") == [0]


def test_the_schema_of_these_tests_has_every_kind_that_rules_look_at() -> None:
    assert {"number", "category", "integer", "ip", "timestamp", "user"} == set(SCHEMA.values())
