"""From a collected folder to a validated one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from custody.engine import pool, serial
from custody.errors import CustodyError
from custody.quality import figures, report, validate
from custody.records.folder import Folder, open_folder, replace
from custody.records.plain import write_text
from quality.collecting import SCHEMA, Wrong, at, folder, quality, table
from support import ZONE

POLICY = quality(
    key=["ts", "user"],
    duplicates="quarantine",
    rules={
        "amount": {"range": {"min": 0, "max": 1, "min_pass": 0.9}, "complete": {"severity": "warn", "min_pass": 0.5}},
        "event": {"uniform": {"severity": "warn"}},
        "user": {"complete": {}},
    },
)
ALICE = {"ts": at(0), "user": "alice.secret", "amount": 0.5, "event": "login"}
FIRST = [ALICE, {"ts": at(1), "user": "bob", "amount": 7.0, "event": "404"}, {"ts": at(2), "event": "alert"}]
SECOND = [ALICE, {"ts": at(1), "user": "carol", "amount": Wrong("secret-text"), "event": "login", "source": "sshd"}]
TABLES = {"edge-a-00000": table(FIRST), "edge-a-00001": table(SECOND)}


def run(collected: Folder, root: Path, engine: Any = serial.run) -> tuple[dict[str, Any], Folder]:
    with replace(root, ZONE) as sink:
        body = validate(collected, POLICY, sink, engine)
    return body, open_folder(root, "report.json", ZONE)


def test_verdicts_have_the_names_and_rows_of_the_partitions_and_one_bool_per_rule(tmp_path: Path) -> None:
    body, validated = run(folder(tmp_path / "collected", TABLES), tmp_path / "validated")
    ids = ["amount.complete", "amount.range", "conflicts", "duplicates", "event.uniform", "user.complete"]
    assert [(one.name, one.rows) for one in validated.partitions] == [("edge-a-00000", 3), ("edge-a-00001", 2)]
    first, second = (validated.read(one) for one in validated.partitions)
    assert first.column_names == second.column_names == ids == list(body["rules"])
    assert set(first.schema.types) == {pa.bool_()}
    broken = {"amount.complete": [2], "amount.range": [1], "event.uniform": [1], "user.complete": [2]}
    assert {
        name: [i for i, one in enumerate(first[name].to_pylist()) if one]
        for name in ids
        if any(first[name].to_pylist())
    } == broken
    assert second["duplicates"].to_pylist() == [True, False]
    assert second["amount.range"].to_pylist() == [False, True]


def test_the_report_says_what_was_judged_and_what_became_of_it(tmp_path: Path) -> None:
    collected = folder(tmp_path / "collected", TABLES)
    body, validated = run(collected, tmp_path / "validated")
    assert validated.body == {**body, "policy": {}, "code": ""}
    assert body["stage"] == "validate"
    assert body["collected"] == collected.digest
    assert body["accounting"] == {"collected": 5, "accepted": 1, "quarantined": 4}
    assert body["quarantine_rules"] == ["amount.range", "conflicts", "duplicates", "user.complete"]
    assert body["quarantined_by"] == {"amount.range": 2, "conflicts": 0, "duplicates": 1, "user.complete": 1}
    assert body["rules"]["amount.range"] == {
        "severity": "error",
        "min_pass": 0.9,
        "dimension": "accuracy",
        "evaluated": 4,
        "broken": 2,
        "pass_rate": 0.5,
    }
    # complete: 8 of 10, range: 2 of 4, conflicts, duplicates and uniform: 4 + 4 + 4 of 4 + 5 + 5
    assert body["dimensions"] == {"completeness": 0.8, "accuracy": 0.5, "consistency": 0.857142}
    assert body["score"] == 0.719047
    assert body["not_evaluated"] == []
    assert report.headline(body) == "validated 5 records: 1 accepted, 4 quarantined; score 0.719"


def test_a_pool_writes_the_same_bytes(tmp_path: Path) -> None:
    collected = folder(tmp_path / "collected", TABLES)
    one, _ = run(collected, tmp_path / "one" / "validated")
    two, _ = run(collected, tmp_path / "two" / "validated", pool.of(2))
    assert one == two
    names = sorted(path.name for path in (tmp_path / "one" / "validated").iterdir())
    assert names == ["edge-a-00000.sealed", "edge-a-00001.sealed", "report.json"]
    for name in names:
        assert (tmp_path / "one" / "validated" / name).read_bytes() == (
            tmp_path / "two" / "validated" / name
        ).read_bytes()


def test_the_first_copy_is_the_first_by_partition_name_however_the_receipt_lists_them(tmp_path: Path) -> None:
    turned = folder(tmp_path / "turned" / "collected", dict(reversed(TABLES.items())))
    _, validated = run(turned, tmp_path / "turned" / "validated")
    assert [one.name for one in validated.partitions] == sorted(TABLES)
    assert [validated.read(one)["duplicates"].to_pylist()[0] for one in validated.partitions] == [False, True]


def test_no_value_stands_in_the_report_or_the_figures(tmp_path: Path) -> None:
    body, _ = run(folder(tmp_path / "collected", TABLES), tmp_path / "validated")
    figures.write(tmp_path / "metrics", body)
    text = "".join(
        path.read_text() for path in [tmp_path / "validated" / "report.json", *(tmp_path / "metrics").iterdir()]
    )
    for value in ("alice", "secret", "bob", "carol", "alert"):
        assert value not in text


def test_no_records_have_no_score_and_every_rule_is_named(tmp_path: Path) -> None:
    for name, tables in (("none", {}), ("empty", {"edge-a-00000": table([])})):
        body, _ = run(folder(tmp_path / name / "collected", tables), tmp_path / name / "validated")
        assert body["score"] is None
        assert body["records_evaluated"] == 0
        assert {one["reason"] for one in body["not_evaluated"]} == {"nothing_evaluated"}
        assert {figures_["pass_rate"] for figures_ in body["rules"].values()} == {None}
        assert "no score" in report.headline(body)
        assert "6 rules not evaluated" in report.headline(body)


def test_figures_are_numbers_for_people(tmp_path: Path) -> None:
    body, _ = run(folder(tmp_path / "collected", TABLES), tmp_path / "validated")
    figures.write(tmp_path / "metrics", body)
    assert sorted(path.name for path in (tmp_path / "metrics").iterdir()) == [
        "missing.csv",
        "rules.csv",
        "validate.json",
    ]
    found = json.loads((tmp_path / "metrics" / "validate.json").read_text())
    assert (found["accepted"], found["quarantined"]) == (1, 4)
    assert (found["score"], found["completeness"], found["accuracy"]) == (0.719047, 0.8, 0.5)
    lines = (tmp_path / "metrics" / "rules.csv").read_text().splitlines()
    assert lines[0] == "rule,dimension,severity,evaluated,broken,pass_rate,min_pass"
    assert lines[2] == "amount.range,accuracy,error,4,2,0.5,0.9"
    assert len(lines) == 1 + len(body["rules"])


def test_figures_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "rules.csv"
    write_text(path, "old")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_text(path, "new")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("rules.csv", "old")]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"stage": "validate"}, "no folder that collect wrote"),
        ({"schema": {}}, "no folder that collect wrote"),
        ({"accounting": {"collected": 4}}, "counts other records"),
        ({"accounting": {}}, "counts other records"),
    ],
)
def test_a_receipt_that_does_not_fit_stops_the_run(tmp_path: Path, body: dict[str, Any], words: str) -> None:
    collected = folder(tmp_path / "collected", TABLES, **body)
    with pytest.raises(CustodyError, match=words):
        run(collected, tmp_path / "validated")
    assert not (tmp_path / "validated").exists()


def test_schema_columns_alone_are_compared(tmp_path: Path) -> None:
    assert list(SCHEMA) == sorted(SCHEMA)
    twice = {"edge-a-00000": table(FIRST, file="x"), "sshd-b-00000": table(FIRST, file="y")}
    body, _ = run(folder(tmp_path / "collected", twice), tmp_path / "validated")
    assert body["quarantined_by"]["duplicates"] == 3
