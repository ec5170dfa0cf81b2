"""Folders, verdicts and policies that do not belong together stop the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from custody.errors import CustodyError
from custody.records.folder import open_folder, replace
from privacy.folders import Source, anonymized, folders, privacy
from privacy.people import raw_words, records, rerun
from support import ZONE

if TYPE_CHECKING:
    from pathlib import Path


def test_verdicts_of_another_run_stop(tmp_path: Path) -> None:
    collected, _ = folders(tmp_path / "one", [Source(records(5))])
    _, validated = folders(tmp_path / "two", [Source(records(6))])
    with pytest.raises(CustodyError, match="validated: does not judge the records of collected"):
        rerun(tmp_path, collected, validated)


def test_folders_in_the_wrong_place_stop(tmp_path: Path) -> None:
    collected, validated = folders(tmp_path, [Source(records(5))])
    with pytest.raises(CustodyError, match="is no folder that collect wrote"):
        rerun(tmp_path, validated, collected)


def test_a_policy_for_another_schema_stops(tmp_path: Path) -> None:
    collected, validated = folders(tmp_path, [Source(records(5))])
    more = privacy({"extra": {"role": "insensitive", "technique": "keep"}})
    with pytest.raises(CustodyError, match=r"privacy\.columns\.extra"):
        rerun(tmp_path, collected, validated, more)


def test_verdicts_without_a_quarantining_rule_stop(tmp_path: Path) -> None:
    collected, validated = folders(tmp_path, [Source(records(3))])
    with replace(tmp_path / "validated", ZONE) as sink:
        part = sink.write(validated.partitions[0].name, pa.table({"duplicates": [False] * 3}))
        sink.finish("report.json", validated.body, [part])
    with pytest.raises(CustodyError, match=r"has no column area\.allowed"):
        rerun(tmp_path, collected, open_folder(tmp_path / "validated", "report.json", ZONE))


def test_a_count_of_accepted_records_that_differs_stops_and_leaves_the_old_candidate(tmp_path: Path) -> None:
    old = anonymized(tmp_path, [Source(records(3))], privacy())
    collected, validated = folders(tmp_path, [Source(records(3))])
    with replace(tmp_path / "validated", ZONE) as sink:
        part = sink.write(validated.partitions[0].name, validated.read(validated.partitions[0]))
        sink.finish("report.json", {**validated.body, "accounting": {"accepted": 2}}, [part])
    with pytest.raises(CustodyError, match="2 records were accepted, 3 found and 3 accounted for"):
        rerun(tmp_path, collected, open_folder(tmp_path / "validated", "report.json", ZONE))
    assert open_folder(tmp_path / "anonymized", "report.json", ZONE) == old.folder


def test_two_records_of_one_line_stop(tmp_path: Path) -> None:
    collected, validated = folders(tmp_path, [Source(records(4))])
    partition = collected.partitions[0]
    table = collected.read(partition)
    lines = table.column_names.index("!line")
    with replace(tmp_path / "collected", ZONE) as sink:
        twice = sink.write(partition.name, table.set_column(lines, "!line", pa.array([1, 2, 2, 4])))
        sink.finish("receipt.json", collected.body, [twice])
    collected = open_folder(tmp_path / "collected", "receipt.json", ZONE)
    with replace(tmp_path / "validated", ZONE) as sink:
        part = sink.write(partition.name, validated.read(validated.partitions[0]))
        sink.finish("report.json", {**validated.body, "collected": collected.digest}, [part])
    with pytest.raises(CustodyError, match="two of one line"):
        rerun(tmp_path, collected, open_folder(tmp_path / "validated", "report.json", ZONE))


def test_no_message_quotes_a_value(tmp_path: Path) -> None:
    collected, validated = folders(tmp_path, [Source(records(5))])
    sealed = collected.root / f"{collected.partitions[0].name}.sealed"
    sealed.write_bytes(sealed.read_bytes()[:-1])
    with pytest.raises(CustodyError) as stopped:
        rerun(tmp_path, collected, validated)
    assert not any(word in str(stopped.value).casefold() for word in raw_words(records(5)))
