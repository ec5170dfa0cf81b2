"""A stage's folder: whole or not there, exactly what its receipt lists, only under its key."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pyarrow as pa
import pytest

from custody.errors import CustodyError
from custody.records import open_folder, replace
from custody.records.plain import read_json, write_json
from custody.records.replacing import replace_folder, sweep
from custody.records.zone import Zone
from support import ZONE

TABLE = pa.table({"user": ["canary-person", None]})


def _write(target: Path, table: pa.Table = TABLE, *names: str) -> None:
    with replace(target, ZONE) as sink:
        partitions = [sink.write(name, table) for name in names or ("a-0", "a-1")]
        sink.finish("receipt.json", {"stage": "collect"}, partitions)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "collected"
    _write(target)
    return target


def test_what_was_written_is_read(folder: Path) -> None:
    opened = open_folder(folder, "receipt.json", ZONE)
    assert [partition.name for partition in opened.partitions] == ["a-0", "a-1"]
    assert all(opened.read(partition).equals(TABLE) for partition in opened.partitions)
    assert opened.body == {"stage": "collect", "policy": {}, "code": ""}


def test_no_byte_on_disk_shows_a_value(folder: Path) -> None:
    assert all(b"canary-person" not in path.read_bytes() for path in folder.iterdir())


def test_writing_twice_gives_the_same_bytes(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    _write(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_older_partition_in_its_place_is_refused(folder: Path) -> None:
    old = (folder / "a-0.sealed").read_bytes()
    _write(folder, pa.table({"user": ["someone", "else"]}))
    (folder / "a-0.sealed").write_bytes(old)
    opened = open_folder(folder, "receipt.json", ZONE)
    with pytest.raises(CustodyError, match="collected/a-0: is not the partition of this run"):
        opened.read(opened.partitions[0])


def test_a_partition_that_is_another_by_now_is_refused_though_it_was_sealed_in_its_place(folder: Path) -> None:
    opened = open_folder(folder, "receipt.json", ZONE)
    data, mark = opened.marked(opened.partitions[0])
    assert opened.again(opened.partitions[0], mark) == data
    _write(folder, pa.table({"user": ["someone", "else"]}))
    with pytest.raises(CustodyError, match="collected/a-0: is not the partition of this run"):
        opened.again(opened.partitions[0], mark)
    forged = bytearray((folder / "a-0.sealed").read_bytes())
    forged[8:40] = mark
    (folder / "a-0.sealed").write_bytes(forged)
    with pytest.raises(CustodyError, match="collected/a-0: was altered"):
        opened.again(opened.partitions[0], mark)


def test_a_forged_receipt_is_refused(folder: Path) -> None:
    receipt = json.loads((folder / "receipt.json").read_text())
    receipt["partitions"][0]["rows"] = 3
    (folder / "receipt.json").write_text(json.dumps(receipt))
    with pytest.raises(CustodyError, match="was not written under this zone key, or was altered"):
        open_folder(folder, "receipt.json", ZONE)


def test_another_zone_or_another_folder_name_opens_nothing(folder: Path) -> None:
    with pytest.raises(CustodyError, match="not written under this zone key"):
        open_folder(folder, "receipt.json", Zone("other", bytes(32)))
    elsewhere = folder.rename(folder.with_name("validated"))
    with pytest.raises(CustodyError, match="not written under this zone key"):
        open_folder(elsewhere, "receipt.json", ZONE)


@pytest.mark.parametrize("change", ["missing", "extra"])
def test_missing_and_extra_files_are_refused(folder: Path, change: str) -> None:
    if change == "missing":
        (folder / "a-1.sealed").unlink()
    else:
        (folder / "b-0.sealed").write_bytes(b"")
    with pytest.raises(CustodyError, match="files missing"):
        open_folder(folder, "receipt.json", ZONE)


def test_a_failure_leaves_the_old_folder_and_nothing_else(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(RuntimeError), replace(folder, ZONE) as sink:
        sink.write("a-0", TABLE)
        raise RuntimeError
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["collected"]


def test_what_a_killed_run_left_is_cleared_by_the_next(folder: Path) -> None:
    for left in (".collected.new", ".collected.old"):
        (folder.parent / left).mkdir()
        (folder.parent / left / "a-9.sealed").write_bytes(b"half")
    _write(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["collected"]


def test_what_a_killed_gate_left_is_cleared_by_any_stage_and_what_a_living_one_writes_is_not(folder: Path) -> None:
    left = folder.parent / ".released.new"
    left.mkdir()
    (left / "a-0.parquet").write_bytes(b"plain rows")
    with replace_folder(folder.parent / "anonymized") as living:
        assert not left.exists()
        assert stat.S_IMODE(living.stat().st_mode) == 0o700, "half-written rows are for the owner alone"
        sweep(folder.parent)
        assert living.exists()
        with pytest.raises(CustodyError, match="another process is writing it"):
            replace_folder(folder.parent / "anonymized").__enter__()
    assert stat.S_IMODE((folder.parent / "anonymized").stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode)


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "released").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CustodyError, match="is a symbolic link"), replace_folder(tmp_path / "released"):
        pass


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"a": NaN}', "[1]", "", "{", "[" * 100_000, '{"a": "\\ud800"'], ids=range(7)
)
def test_json_that_is_none_of_ours_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(text)
    with pytest.raises(CustodyError, match="is not the JSON that Custody writes"):
        read_json(path)


def test_json_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    write_json(path, {"b": 1, "a": "é"})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": float("nan")})
    assert path.read_text(encoding="utf-8") == '{\n  "a": "é",\n  "b": 1\n}\n'
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.json"]
