"""Which encoding a column gets in a written file."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custody.records import parquet

ROWS = 50_000
DRAW = np.random.default_rng(7)

CASES = {
    # values, whether Parquet keeps them in a dictionary
    "names that stand five times each": ([f"n{i}" for i in DRAW.integers(0, ROWS // 5, ROWS)], True),
    "names of a thousand rows that stand twice": ([f"n{i // 2}" for i in range(1_000)], True),
    "names that stand once": ([f"n{i}" for i in range(ROWS)], False),
    "few numbers": ([i % 7 for i in range(ROWS)], True),
    "numbers that grow": (list(range(ROWS)), False),
    "numbers that grow in pairs": ([i // 2 for i in range(ROWS)], False),
    "nothing": ([None] * 10, False),
    "yes and no": ([True, False] * 10, False),
}


@pytest.mark.parametrize(("values", "kept"), CASES.values(), ids=CASES)
def test_a_dictionary_is_for_what_repeats(values: list[object], kept: bool) -> None:  # noqa: FBT001  # a column of a table
    chunk = pq.read_metadata(pa.BufferReader(parquet.encode(pa.table({"x": values})))).row_group(0).column(0)
    assert chunk.has_dictionary_page == kept


@pytest.mark.parametrize("values", [values for values, _ in CASES.values()], ids=CASES)
def test_what_is_written_is_what_is_read(values: list[object]) -> None:
    table = pa.table({"x": values})
    assert parquet.decode(parquet.encode(table), "x").equals(table)


@pytest.mark.parametrize("rows", [1, 5, parquet.HEAD, parquet.HEAD + 1, ROWS])
def test_the_first_rows_are_those_of_the_whole_file(rows: int) -> None:
    table = pa.table({"x": [f"n{i}" for i in range(ROWS)], "y": range(ROWS)})
    found = parquet.head(parquet.encode(table), "x", {"y", "z"}, rows)
    assert found.num_rows < rows + parquet.HEAD
    assert found.slice(0, rows).equals(table.select(["y"]).slice(0, rows))


def test_a_file_with_fewer_rows_has_those() -> None:
    table = pa.table({"x": ["a", "b"]})
    assert parquet.head(parquet.encode(table), "x", ["x"], 9).equals(table)


def test_the_first_rows_come_in_batches_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrow cuts a batch short whose texts would take more than 2 GiB."""
    table, whole = pa.table({"x": range(ROWS)}), pq.ParquetFile.iter_batches
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", lambda file, size, **more: whole(file, size // 2, **more))
    assert parquet.head(parquet.encode(table), "x", ["x"], ROWS - 9).slice(0, ROWS - 9).equals(table.slice(0, ROWS - 9))


def test_texts_that_repeat_come_coded_and_are_the_same() -> None:
    table = pa.table(
        {
            "few": [None if i % 7 == 0 else f"text {i % 5}" for i in range(ROWS)],
            "each": [f"text {i}" for i in range(ROWS)],
            "none": pa.nulls(ROWS, pa.string()),
            "number": [i % 3 for i in range(ROWS)],
        }
    )
    coded = parquet.decode(parquet.encode(table), "x", coded=True)
    assert [name for name in coded.column_names if pa.types.is_dictionary(coded[name].type)] == ["few"]
    plain = [one.cast(pa.string()) if pa.types.is_dictionary(one.type) else one for one in coded.columns]
    assert pa.table(plain, table.column_names).equals(table)


@pytest.mark.parametrize("rows", [1, parquet.ROW_GROUP + 1])
def test_what_no_dictionary_holds_throughout_comes_plain(rows: int) -> None:
    """A longer dictionary than Parquet writes, and a second group with one of its own."""
    long = [f"{i // 2:0{2**20}d}" for i in range(4)] if rows == 1 else ["a"] * rows
    table = pa.table({"long": long})
    assert parquet.decode(parquet.encode(table), "x", ["long"], coded=True).equals(table)
