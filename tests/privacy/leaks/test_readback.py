"""Every place of a file where a value can stand is read back."""

from __future__ import annotations

import base64

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from custody.errors import CustodyError
from custody.privacy.leaks.readback import ReadBack, read_back
from custody.records import parquet


def file(table: pa.Table, **options: object) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **options)
    return bytes(sink.getvalue().to_pybytes())


def entries(read: ReadBack, name: str) -> list[str]:
    chunks = [chunk if pa.types.is_string(chunk.type) else chunk.dictionary for chunk in read.table.column(name).chunks]
    return [text for chunk in chunks for text in pc.unique(chunk).to_pylist()]


def test_a_dictionary_entry_that_no_row_has_is_read() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 2, 0], pa.int32()), ["left", "removed", "kept"])
    for options in ({"store_schema": True}, {"store_schema": False}):
        read = read_back(file(pa.table({"c": column}), **options), "x")
        assert entries(read, "c") == ["left", "removed", "kept"]
        assert read.table.column("c").to_pylist() == ["left", "kept", "left"]


def test_our_writer_leaves_no_removed_entry() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 2, 0], pa.int32()), ["left", "removed", "kept"])
    assert entries(read_back(parquet.encode(pa.table({"c": column})), "x"), "c") == ["left", "kept"]


def test_texts_come_as_cells_only_where_no_chunk_has_a_dictionary() -> None:
    schema = pa.schema({"plain": pa.string(), "mixed": pa.string()})
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, schema, use_dictionary=["mixed"], dictionary_pagesize_limit=64) as writer:
        writer.write_table(pa.table({"plain": ["a", None, "a"], "mixed": ["a", None, "a"]}, schema))
        many = [f"{place:032}" for place in range(5000)]
        writer.write_table(pa.table({"plain": many, "mixed": many}, schema))
    read = read_back(sink.getvalue().to_pybytes(), "x").table
    assert read.schema.field("plain").type == pa.string()
    assert pa.types.is_dictionary(read.schema.field("mixed").type)
    assert read.column("plain").to_pylist() == read.column("mixed").to_pylist() == ["a", None, "a", *many]


def test_statistics_of_all_chunks_are_read() -> None:
    read = read_back(file(pa.table({"c": ["b", "a", "d", "c"], "n": [1, 2, 3, 4]}), row_group_size=2), "x")
    assert {name: ends.to_pylist() for name, ends in read.statistics.items()} == {"c": ["a", "b", "c", "d"]}


def test_metadata_is_read_as_it_is_and_as_base64() -> None:
    hidden = base64.b64encode(b"login of anna")
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, pa.schema({"c": pa.string()}), store_schema=False) as writer:
        writer.add_key_value_metadata({"note": "by bob", "blob": hidden})
        writer.write_table(pa.table({"c": ["x"]}))
    notes = read_back(sink.getvalue().to_pybytes(), "x").notes
    assert {"note", "by bob", "blob", hidden.decode(), "login of anna"} <= set(notes)


def test_our_writer_leaves_no_metadata() -> None:
    table = pa.table({"c": ["x"]}).replace_schema_metadata({"note": "by bob"})
    assert read_back(parquet.encode(table), "x").notes == ()


def test_the_footer_is_what_stands_before_the_last_eight_bytes() -> None:
    read = read_back(file(pa.table({"column_name": ["x"]})), "x")
    assert "column_name" in read.footer
    assert "parquet-cpp-arrow" in read.footer
    assert {"schema", "column_name", "parquet-cpp-arrow"} <= set(read.plain.split())


def test_another_writer_is_not_taken_for_ours() -> None:
    data = file(pa.table({"c": ["x"]})).replace(b"parquet-cpp-arrow", b"written by anna s")
    assert "anna" not in read_back(data, "x").plain


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no parquet at all" * 9])
def test_what_is_no_parquet_file_stops_without_quoting_it(data: bytes) -> None:
    with pytest.raises(CustodyError, match=r"^part: is not a readable Parquet file"):
        read_back(data, "part")


def test_cells_of_other_types_are_read_as_they_are() -> None:
    table = pa.table({"n": [1, None], "b": [True, None], "f": [0.5, None]})
    assert read_back(parquet.encode(table), "x").table.to_pydict() == table.to_pydict()
