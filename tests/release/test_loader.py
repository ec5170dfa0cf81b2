"""The loader hands out what verifies, and nothing else."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest

import custody
from custody.errors import CustodyError, RefusedError
from custody.records import digest, parquet
from custody.records.plain import read_json
from custody.release import loader, statement
from release import example

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST, SECOND = "alerts-00000000000000aa-00000.parquet", "edge-00000000000000bb-00000.parquet"


def test_a_release_loads_as_a_frame_without_a_key(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTODY_KEYRING", os.devnull)
    frame = custody.load(released)
    assert isinstance(frame, pd.DataFrame)
    assert frame.shape == (60, 8)
    assert frame.columns[0] == "row_id"
    assert list(frame.columns[1:]) == sorted(frame.columns[1:])
    assert list(frame["row_id"]) == [f"{row:032x}" for row in range(60)]


def test_dtypes_do_not_depend_on_nulls(released: Path) -> None:
    dtypes = {name: str(kind) for name, kind in custody.load(released).dtypes.items()}
    assert dtypes == {
        "row_id": "str",
        "admin": "boolean",
        "event": "str",
        "hits": "Int64",
        "score": "float64",
        "terms": "str",
        "ts": "datetime64[us, UTC]",
        "user": "str",
    }


def test_large_integers_beside_nulls_stay_exact(released: Path) -> None:
    assert custody.load(released)["hits"].iloc[1] == 2**53 + 1


def test_arrow_on_request(released: Path) -> None:
    table = custody.load(released, arrow=True)
    assert isinstance(table, pa.Table)
    assert table.equals(pa.concat_tables([example.table(), example.table(example.ROWS)]))


def test_columns_come_in_the_order_asked_for(released: Path) -> None:
    assert list(custody.load(str(released), columns=["score", "event"]).columns) == ["score", "event"]


@pytest.mark.parametrize("columns", ["event", [], ["event", "event"], ["nothing"]])
def test_columns_that_are_not_there_are_a_mistake(released: Path, columns: Any) -> None:
    with pytest.raises(CustodyError, match="columns: "):
        custody.load(released, columns=columns)


def test_one_line_says_what_was_loaded(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    custody.load(released)
    printed = capsys.readouterr()
    digest_ = example.policy().digest()[:12]
    what = f"60 rows, 8 columns, released under policy {digest_}, local, unsigned"
    line = f"custody: loaded auth-events: {what}, retractions not checked, later refusals not checked\n"
    assert (printed.out, printed.err) == ("", line)


def test_a_link_to_a_release_loads(released: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(released)
    assert len(custody.load(tmp_path / "link")) == 60


def test_a_refusal_names_its_broken_conditions(refused: Path) -> None:
    with pytest.raises(RefusedError, match="the gate refused this release") as no:
        custody.load(refused)
    assert "rows: 60 rows in the candidate, at least 1,000 must" in str(no.value)
    assert "quality_score: 0.9 is the quality score" in str(no.value)


def _flip(folder: Path) -> None:
    data = bytearray((folder / FIRST).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / FIRST).write_bytes(data)


def _cut(folder: Path) -> None:
    (folder / FIRST).write_bytes((folder / FIRST).read_bytes()[:-1])


def _lengthen(folder: Path) -> None:
    (folder / FIRST).write_bytes((folder / FIRST).read_bytes() + b"\0")


def _swap(folder: Path) -> None:
    (folder / FIRST).rename(folder / "held")
    (folder / SECOND).rename(folder / FIRST)
    (folder / "held").rename(folder / SECOND)


def _edit_rows(folder: Path) -> None:
    table = parquet.decode((folder / FIRST).read_bytes(), FIRST)
    table = table.set_column(2, "event", pa.array(["benign"] * table.num_rows))
    (folder / FIRST).write_bytes(parquet.encode(table))


def _symlink(folder: Path) -> None:
    (folder / FIRST).rename(folder.parent / FIRST)
    (folder / FIRST).symlink_to(folder.parent / FIRST)


def _symlinked_statement(folder: Path) -> None:
    (folder / "statement.json").rename(folder.parent / "statement.json")
    (folder / "statement.json").symlink_to(folder.parent / "statement.json")


def _cut_statement(folder: Path) -> None:
    path = folder / "statement.json"
    path.write_bytes(path.read_bytes()[:-20])


def _repeat_key(folder: Path) -> None:
    path = folder / "statement.json"
    path.write_text(path.read_text().replace('"rows": 60', '"rows": 60, "rows": 60'))


def _huge_statement(folder: Path) -> None:
    with (folder / "statement.json").open("r+b") as file:
        file.truncate(2**30)


def _fifo(folder: Path) -> None:
    (folder / FIRST).unlink()
    os.mkfifo(folder / FIRST)


def _climb(folder: Path) -> None:
    (folder / FIRST).rename(folder.parent / "x.parquet")
    told = read_json(folder / "statement.json")
    told["files"][0]["name"] = "../x.parquet"
    (folder / "statement.json").write_text(json.dumps(told))


def _deep(folder: Path) -> None:
    (folder / "statement.json").write_text('{"a":' * 100_000)


# what is done to a release → words of the one error
HARM: list[tuple[Callable[[Path], Any], str]] = [
    (_flip, f"{FIRST}: was altered"),
    (_cut, f"{FIRST}: was altered"),
    (_lengthen, f"{FIRST}: was altered"),
    (_swap, f"{FIRST}: was altered"),
    (_edit_rows, f"{FIRST}: was altered"),
    (lambda folder: (folder / FIRST).unlink(), f"{FIRST} is missing"),
    (lambda folder: (folder / FIRST).rename(folder / "other.parquet"), f"{FIRST} is missing; 1 does not belong"),
    (lambda folder: (folder / "more.parquet").write_bytes(b"x"), "1 does not belong"),
    (lambda folder: (folder / ".hidden").mkdir(), "1 does not belong"),
    (_symlink, f"{FIRST} is not a plain file"),
    (_fifo, f"{FIRST} is not a plain file"),
    (_symlinked_statement, "statement.json: is not a plain file"),
    (_cut_statement, "is not the JSON that the gate writes"),
    (_repeat_key, "is not the JSON that the gate writes"),
    (_huge_statement, "is larger than 16777216 bytes"),
    (_deep, "is not the JSON that the gate writes"),
    (_climb, "incomplete or was altered"),
    (lambda folder: (folder / "statement.json").unlink(), "statement.json: is missing"),
    (lambda folder: folder.rename(folder.parent / "gone"), "there is no such folder"),
]


@pytest.mark.parametrize(("harm", "words"), HARM)
def test_anything_missing_extra_or_altered_is_one_clear_error(
    released: Path, harm: Callable[[Path], Any], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(released)
    with pytest.raises(RefusedError, match=words) as no:
        custody.load(released)
    assert no.value.status == 1
    assert "\n" not in str(no.value)
    assert "other.parquet" not in str(no.value)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_symlink, "is not a plain file"),
        (_fifo, "is not a plain file"),
        (lambda folder: (folder / FIRST).unlink(), "cannot be read"),
    ],
)
def test_a_file_replaced_after_the_folder_was_listed_is_refused(
    released: Path, harm: Callable[[Path], Any], words: str
) -> None:
    (file, _) = statement.read(released).files
    harm(released)
    with pytest.raises(RefusedError, match=words):
        loader._read(released, file)


def test_no_file_outside_the_folder_is_opened(released: Path) -> None:
    (file, _) = statement.read(released).files
    (released / FIRST).rename(released.parent / "x.parquet")
    with pytest.raises(RefusedError, match="names a file outside"):
        loader._read(released, file.model_copy(update={"name": "../x.parquet"}))


def _restate(folder: Path, data: bytes, rows: int) -> None:
    """Alter a file and the statement alike, as someone who can write both would."""
    (folder / FIRST).write_bytes(data)
    told = read_json(folder / "statement.json")
    told["files"][0].update(sha256=digest.sha256(data), bytes=len(data), rows=rows)
    told["rows"] = told["accounting"]["released"] = rows + example.ROWS
    told["accounting"]["accepted"] = rows + example.ROWS + 10
    told["accounting"]["quarantined"] = 75 - told["accounting"]["accepted"]
    (folder / "statement.json").write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("data", "rows", "words"),
    [
        (b"not parquet", example.ROWS, "is not a readable Parquet file"),
        (parquet.encode(example.table()), example.ROWS - 1, "rows or columns are not those of the statement"),
        (
            parquet.encode(example.table().drop_columns(["event"])),
            example.ROWS,
            "rows or columns are not those of the statement",
        ),
    ],
)
def test_a_statement_that_says_otherwise_than_its_files_is_refused(
    released: Path, data: bytes, rows: int, words: str
) -> None:
    _restate(released, data, rows)
    with pytest.raises(RefusedError, match=words):
        loader.rows(released, loader.released(released)[0], None)
