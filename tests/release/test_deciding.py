"""The gate's work on real folders: what leaves is what was sealed, a refusal empties, a stop changes nothing."""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from custody.engine import pool, serial
from custody.errors import CustodyError
from custody.records import logical, open_folder, parquet, replace
from custody.records.plain import read_json, write_json
from custody.records.zone import Zone
from custody.release import deciding, statement
from release import example
from support import ZONE


def _record(anonymized: Path, zone: Zone = ZONE, **sections: Any) -> statement.Statement:
    return deciding.record(
        anonymized, anonymized.parent / "released", example.policy(**sections), zone, serial.run, example.CODE
    )


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_released_files_are_the_sealed_candidates_bytes(tmp_path: Path) -> None:
    anonymized = example.build(tmp_path)
    stated = _record(anonymized)
    folder = open_folder(anonymized, "report.json", ZONE)
    sealed = {f"{one.name}.parquet": folder.read_bytes(one) for one in folder.partitions}
    found = _bytes(tmp_path / "released")
    assert found.pop("statement.json")
    assert found == sealed
    for file in stated.files:
        data = found[file.name]
        assert file.sha256 == hashlib.sha256(data).hexdigest()
        assert file.md5 == hashlib.md5(data, usedforsecurity=False).hexdigest()
        assert (file.bytes, file.rows) == (len(data), example.ROWS)
        assert file.logical == logical.digest(parquet.decode(data, file.name))


def test_the_statement_tells_the_whole_chain(tmp_path: Path) -> None:
    kept = {"retention_days": 365, "retention_column": "ts"}
    _record(example.build(tmp_path, under=example.policy(privacy=kept)), privacy=kept)
    told = read_json(tmp_path / "released" / "statement.json")
    assert told["schema"] == "custody/statement/v1"
    assert told["decision"] == "released"
    assert told["dataset"] == {
        "name": "auth-events",
        "purpose": "threat-detection",
        "audience": "internal",
        "as_of": "2026-11-01",
    }
    assert told["accounting"] == {
        "read": 80,
        "collected": 75,
        "malformed": 2,
        "skipped": 3,
        "accepted": 70,
        "quarantined": 5,
        "released": 60,
        "suppressed": 6,
        "withheld": 4,
        "refused": 0,
    }
    assert told["sources"]["edge"] == {
        **example.PROVENANCE,
        "files": [{"id": "e" * 16, "sha256": "e" * 64, "bytes": 4096}],
    }
    assert told["key"] == {"zone": "test", "check": ZONE.check}
    assert told["expires"] == "2027-11-01"
    assert told["columns"]["user"] == {"type": "string", "role": "direct", "technique": "mac", "level": None}
    assert told["columns"]["ts"]["type"] == "timestamp[us, tz=UTC]"
    assert told["columns"]["row_id"] == {"type": "string", "role": "row", "technique": "mac", "level": None}
    assert "secret" not in told["columns"]
    assert (told["figures"]["k_smallest"], told["figures"]["quality_score"]) == (6, 0.9)


def test_a_retention_beyond_the_calendar_ends_with_it(tmp_path: Path) -> None:
    kept = {"retention_days": 10**9, "retention_column": "ts"}
    stated = _record(example.build(tmp_path, under=example.policy(privacy=kept)), privacy=kept)
    assert stated.expires == "9999-12-31"


def test_two_runs_and_any_engine_give_the_same_bytes(tmp_path: Path) -> None:
    first, second, third = (example.build(tmp_path / name) for name in "abc")
    _record(first)
    _record(second)
    deciding.record(third, tmp_path / "c" / "released", example.policy(), ZONE, pool.of(2), example.CODE)
    one = _bytes(tmp_path / "a" / "released")
    assert one == _bytes(tmp_path / "b" / "released") == _bytes(tmp_path / "c" / "released")


def test_a_refusal_leaves_the_statement_alone(released: Path, tmp_path: Path) -> None:
    assert len(list(released.iterdir())) == 3
    stated = _record(tmp_path / "anonymized", gate={"min_rows": 61})
    assert [path.name for path in released.iterdir()] == ["statement.json"]
    assert not stated.released
    assert stated.accounting.refused == 70
    assert (stated.rows, stated.files, stated.columns) == (0, (), {})


def test_undoing_the_refusal_gives_the_same_bytes_again(released: Path, tmp_path: Path) -> None:
    before = _bytes(released)
    _record(tmp_path / "anonymized", gate={"min_rows": 61})
    _record(tmp_path / "anonymized")
    assert _bytes(released) == before


def test_nothing_readable_is_written_of_a_refused_candidate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    original = Path.write_bytes

    def watch(self: Path, data: bytes) -> int:
        written.append(self.name)
        return original(self, data)

    anonymized = example.build(tmp_path)
    monkeypatch.setattr(Path, "write_bytes", watch)
    _record(anonymized, gate={"min_rows": 61})
    assert [name for name in written if name.endswith(".parquet")] == []
    _record(anonymized)
    assert len([name for name in written if name.endswith(".parquet")]) == 2


def test_an_empty_candidate_is_refused(tmp_path: Path) -> None:
    def empty(_r: Any, _v: Any, anonymized: Any) -> None:
        anonymized["accounting"].update(candidate=0, suppressed=66)
        anonymized["suppressed"] = {"k": 66}

    stated = _record(example.build(tmp_path, empty, {}))
    assert {condition.id for condition in stated.broken} == {"rows", "columns"}


@pytest.mark.parametrize(("terms", "unlicensed"), [("Apache-2.0", 0), ("GPL-3.0-only", 30), (None, 30)])
def test_each_records_license_must_be_allowed(tmp_path: Path, terms: str | None, unlicensed: int) -> None:
    files = {"alerts-0": example.table(terms=terms), "edge-0": example.table(example.ROWS)}
    stated = _record(example.build(tmp_path, None, files), gate={"license_column": "terms"})
    (condition,) = [one for one in stated.conditions if one.id == "record_licenses"]
    assert (condition.figure, condition.held, stated.released) == (unlicensed, not unlicensed, not unlicensed)
    assert "GPL-3.0-only" not in (tmp_path / "released" / "statement.json").read_text()


@pytest.mark.parametrize("terms", [None, pa.array([1] * example.ROWS)])
def test_a_license_column_that_holds_no_text_or_is_missing_refuses(tmp_path: Path, terms: pa.Array | None) -> None:
    def without(table: pa.Table) -> pa.Table:
        bare = table.drop_columns(["terms"])
        return bare if terms is None else bare.append_column("terms", terms)

    files = {"alerts-0": without(example.table()), "edge-0": without(example.table(example.ROWS))}
    stated = _record(example.build(tmp_path, None, files), gate={"license_column": "terms"})
    (condition,) = [one for one in stated.broken if one.id == "record_licenses"]
    assert condition.figure is None


def test_a_column_that_the_policy_suppresses_refuses(tmp_path: Path) -> None:
    files = {"alerts-0": _with_secret(example.table()), "edge-0": _with_secret(example.table(example.ROWS))}
    stated = _record(example.build(tmp_path, None, files))
    assert [condition.id for condition in stated.broken] == ["columns"]
    assert "hunter2" not in (tmp_path / "released" / "statement.json").read_text()


def _with_secret(table: pa.Table) -> pa.Table:
    return table.append_column("secret", pa.array(["hunter2"] * table.num_rows))


def _other_receipt(root: Path) -> None:
    shutil.rmtree(root / "collected")
    other = root / "other"
    example.build(other, lambda r, _v, _a: r["skipped"].update(header=1, blank=2))
    shutil.copytree(other / "collected", root / "collected")


def _other_verdicts(root: Path) -> None:
    shutil.rmtree(root / "validated")
    example.build(root / "other", lambda _r, v, _a: v.update(score=0.99))
    shutil.copytree(root / "other" / "validated", root / "validated")


def _altered_report(root: Path) -> None:
    report = read_json(root / "anonymized" / "report.json")
    report["leaks"]["residual"] = 0
    report["risk"]["k_smallest"] = 99
    write_json(root / "anonymized" / "report.json", report)


def _flipped(root: Path) -> None:
    path = next((root / "anonymized").glob("*.sealed"))
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def _swapped(root: Path) -> None:
    one, two = sorted((root / "anonymized").glob("*.sealed"))
    held = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(held)


# what happens to the folders → words of the stop
STOPS = [
    (_other_receipt, "stands on another collected"),
    (_other_verdicts, "stands on another validated"),
    (_altered_report, "was altered"),
    (_flipped, "is not the partition of this run"),
    (_swapped, "is not the partition of this run"),
    (lambda root: next((root / "anonymized").glob("*.sealed")).unlink(), "1 files missing"),
    (lambda root: (root / "anonymized" / "more.sealed").write_bytes(b""), "1 that do not belong"),
    (lambda root: (root / "validated" / "report.json").unlink(), "is missing"),
    (lambda root: (root / "collected" / "receipt.json").write_text("{"), "is not the JSON"),
]


@pytest.mark.parametrize(("harm", "words"), STOPS)
def test_a_chain_that_does_not_belong_together_stops_and_leaves_the_release(
    released: Path, tmp_path: Path, harm: Any, words: str
) -> None:
    before = _bytes(released)
    harm(tmp_path)
    with pytest.raises(CustodyError, match=words) as stop:
        _record(tmp_path / "anonymized")
    assert stop.value.status == 3
    assert _bytes(released) == before
    assert not (tmp_path / ".released.new").exists()


def test_another_key_stops(released: Path, tmp_path: Path) -> None:
    before = _bytes(released)
    with pytest.raises(CustodyError, match="was not written under this zone key"):
        _record(tmp_path / "anonymized", Zone("other", bytes(range(1, 33))))
    assert _bytes(released) == before


@pytest.mark.parametrize(
    ("folder", "section", "changed"),
    [
        ("collected", "sources", {"only": {"purposes": ["billing"]}}),
        ("collected", "schema", {"event": "text"}),
        ("validated", "quality", {"duplicates": "warn"}),
        ("anonymized", "privacy", {"k": 2}),
        ("anonymized", "privacy", {"not_personal": ["root"]}),
        ("anonymized", "dataset", {"as_of": "2026-10-01"}),
        ("collected", "keys", {"check": "0" * 16}),
    ],
)
def test_a_candidate_made_under_another_section_stops(
    tmp_path: Path, folder: str, section: str, changed: dict[str, Any]
) -> None:
    if section == "sources":
        changed = {"edge": {**example.VALUES["sources"]["edge"], **changed["only"]}}
    anonymized = example.build(tmp_path, under=example.policy(**{section: changed}))
    with pytest.raises(CustodyError, match=f"{folder}: was made under another {section} section of params.yaml"):
        _record(anonymized)
    assert not (tmp_path / "released").exists()


def test_a_report_that_does_not_name_its_policy_stops(tmp_path: Path) -> None:
    anonymized = example.build(tmp_path)
    body = open_folder(anonymized, "report.json", ZONE).body
    with replace(anonymized, ZONE) as sink:
        sink.finish("report.json", body, [sink.write(name, one) for name, one in example.tables().items()])
    with pytest.raises(CustodyError, match="anonymized: was made under another dataset section"):
        _record(anonymized)


def test_a_report_that_does_not_name_its_code_stops(tmp_path: Path) -> None:
    anonymized = example.build(tmp_path)
    body = open_folder(anonymized, "report.json", ZONE).body
    with replace(anonymized, ZONE, body["policy"]) as sink:
        sink.finish("report.json", body, [sink.write(name, one) for name, one in example.tables().items()])
    with pytest.raises(CustodyError, match="anonymized: does not tell which code made it"):
        _record(anonymized)


def test_a_receipt_of_another_stage_stops(tmp_path: Path) -> None:
    anonymized = example.build(tmp_path, lambda r, _v, _a: r.update(stage="validate"))
    with pytest.raises(CustodyError, match="was not written by collect"):
        _record(anonymized)


def test_rows_that_are_not_the_reported_ones_stop(tmp_path: Path) -> None:
    anonymized = example.build(tmp_path)
    body = open_folder(anonymized, "report.json", ZONE).body
    with replace(anonymized, ZONE, body["policy"], example.CODE) as sink:
        name, reported = next(iter(example.tables().items()))
        held = parquet.encode(reported.slice(1))
        sink.finish("report.json", body, [sink.write_bytes(name, held, reported)])
    with pytest.raises(CustodyError, match="its rows are not those of the report"):
        _record(anonymized)


def test_files_with_different_columns_stop(tmp_path: Path) -> None:
    files = {"alerts-0": example.table(), "edge-0": example.table(example.ROWS).drop_columns(["event"])}
    with pytest.raises(CustodyError, match="differ in their columns"):
        _record(example.build(tmp_path, None, files))


def test_a_partition_with_a_path_for_a_name_stops(tmp_path: Path) -> None:
    anonymized = example.build(tmp_path, None, {"a/b": example.table(), "edge-0": example.table(example.ROWS)})
    with pytest.raises(CustodyError, match="a name that no stage gives"):
        _record(anonymized)


def test_a_write_that_fails_leaves_the_release(released: Path, tmp_path: Path) -> None:
    before = _bytes(released)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(OSError, match="large"):
            _record(tmp_path / "anonymized")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert _bytes(released) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["anonymized", "collected", "released", "validated"]


def test_the_statement_on_disk_is_sorted_json_with_one_newline(released: Path) -> None:
    text = (released / "statement.json").read_text()
    assert text == json.dumps(json.loads(text), sort_keys=True, indent=2, ensure_ascii=False) + "\n"
