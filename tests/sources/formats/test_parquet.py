from __future__ import annotations

import datetime as dt
import decimal
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custody.errors import CustodyError
from custody.policy.sources import Parquet
from custody.sources.formats.arrow_scalars import scalars
from custody.sources.formats.readers import read as read_batches
from sources.reads import Whole, whole


def parquet(table: pa.Table, **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def read(table: pa.Table, *wanted: str, **format_: object) -> Whole:
    return whole(parquet(table), wanted or ("a",), type="parquet", **format_)


NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
COLUMNS = [
    # array, values read, Arrow type read
    (pa.array([True, None]), [True, None], pa.bool_()),
    (pa.array([2**64 - 1], pa.uint64()), [2**64 - 1], pa.uint64()),
    (pa.array([1.5], pa.float32()), [1.5], pa.float32()),
    (pa.array([NOON], pa.timestamp("us", "Europe/Berlin")), [NOON], pa.timestamp("us", "UTC")),
    (pa.array([dt.datetime(2026, 1, 2)], pa.timestamp("ms")), [dt.datetime(2026, 1, 2)], pa.timestamp("ms")),  # noqa: DTZ001  # naive on purpose
    (pa.array(["x", None]).dictionary_encode(), ["x", None], pa.string()),
    (pa.array(["é"], pa.large_string()), ["é"], pa.string()),
    (pa.array([b"xy"], pa.binary(2)), ["xy"], pa.string()),
    (pa.array([decimal.Decimal("12345678901234567890.10")]), ["12345678901234567890.10"], pa.string()),
    (pa.array([dt.date(2026, 1, 2)]), ["2026-01-02"], pa.string()),
    (pa.nulls(1), [None], pa.string()),
    (pa.array([dt.timedelta(seconds=90), None]), ["90000000", None], pa.string()),
    (pa.array([dt.time(1, 2, 3)]), ["01:02:03.000000"], pa.string()),
]


@pytest.mark.parametrize(("array", "values", "kind"), COLUMNS)
def test_scalars_keep_their_type_or_become_text(array: pa.Array, values: list[object], kind: pa.DataType) -> None:
    data = parquet(pa.table({"a": array}))
    batch = next(read_batches(io.BytesIO(data), Parquet(type="parquet"), ["a"]))
    assert batch.table["a"].type == kind
    assert batch.table["a"].to_pylist() == values


def test_structured_values_are_json_text_and_flagged() -> None:
    found = read(pa.table({"a": [[1, 2], None, []], "s": [{"x": b"\x01"}, None, {"x": None}]}), "a", "s")
    assert found.columns == {"a": ["[1,2]", None, "[]"], "s": ['{"x":"01"}', None, '{"x":null}']}
    assert found.mixed == {"a": [1, 3], "s": [1, 3]}


def test_what_json_has_no_word_for_is_text_inside_structured_values() -> None:
    found = read(pa.table({"a": [[decimal.Decimal("1.10")]], "b": [[dt.date(2026, 1, 2)]]}), "a", "b")
    assert found.columns == {"a": ['["1.10"]'], "b": ['["2026-01-02"]']}


def test_text_inside_a_list_that_is_not_utf8_costs_its_row() -> None:
    raw = pa.array([b"ok", b"\xff"], pa.binary()).view(pa.string())
    found = read(pa.table({"a": pa.ListArray.from_arrays([0, 1, 2], raw)}))
    assert found.malformed == [(2, "bad_encoding")]
    assert found.columns == {"a": ['["ok"]']}


def test_paths_reach_into_structs_after_flat_names() -> None:
    table = pa.table({"id.h": ["flat"], "id": [{"h": "nested", "p": {"q": 5}}], "z": [1]})
    found = read(table, "id.h", "id.p.q", "id.none", "z.y")
    assert found.columns == {"id.h": ["flat"], "id.p.q": [5], "id.none": [None], "z.y": [None]}
    assert found.missing == {"id.none", "z.y"}
    assert found.dropped == {"z"}


def test_text_that_is_not_utf8_or_too_long_costs_its_row() -> None:
    bad = pa.array([b"ok", b"\xff", b"x" * 65, None], pa.binary())
    found = read(pa.table({"a": bad, "b": [1, 2, 3, 4]}), "a", "b", max_record_bytes=64)
    assert found.malformed == [(2, "bad_encoding"), (3, "too_long")]
    assert found.columns == {"a": ["ok", None], "b": [1, 4]}
    assert found.lines == [1, 4]


def test_rows_are_numbered_over_row_groups() -> None:
    table = pa.table({"a": range(150_000)})
    found = whole(parquet(table, row_group_size=40_000), ["a"], type="parquet")
    assert found.columns["a"] == list(range(150_000))
    assert found.lines == list(range(1, 150_001))


def test_a_file_with_nothing_wanted_still_counts_its_rows() -> None:
    found = read(pa.table({"x": [1, 2, 3]}))
    assert (found.rows, found.missing, found.dropped) == (3, {"a"}, {"x"})


@pytest.mark.parametrize("table", [pa.table({"a": pa.array([], pa.string())}), None])
def test_a_file_without_rows_has_no_records(table: pa.Table | None) -> None:
    found = whole(b"" if table is None else parquet(table), ["a"], type="parquet")
    assert (found.read, found.missing) == (0, {"a"} if table is None else frozenset())


def test_an_unusable_file_stops() -> None:
    data = parquet(pa.table({"a": ["secret"] * 1000}))
    twice = parquet(pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["a", "a"]))
    for bad, says in [(b"noise", "not Parquet"), (data[:-20], "not Parquet"), (twice, "columns 1 and 2")]:
        with pytest.raises(CustodyError, match=says) as stopped:
            whole(bad, ["a"], type="parquet")
        assert "secret" not in str(stopped.value)


def test_damage_inside_a_page_stops() -> None:
    data = bytearray(
        parquet(pa.table({"a": [f"value {i}" for i in range(1000)]}), compression="zstd", use_dictionary=False)
    )
    data[200:260] = bytes(60)
    with pytest.raises(CustodyError, match="damaged"):
        whole(bytes(data), ["a"], type="parquet")


def test_a_file_that_decompresses_beyond_the_limit_stops() -> None:
    data = parquet(pa.table({"a": ["x" * 1000] * 1000}), compression="zstd", use_dictionary=False)
    with pytest.raises(CustodyError, match="max_expanded_bytes"):
        whole(data, ["a"], type="parquet", max_expanded_bytes=10_000)


FAR = pa.array([10**18, None], pa.timestamp("us"))
DAYS = pa.array([10**8], pa.int32()).view(pa.date32())
ODD = [
    # nested values that Python has no word for, their text
    (pa.StructArray.from_arrays([FAR], ["t"]), ['{"t":"1000000000000000000"}', '{"t":null}']),
    (pa.StructArray.from_arrays([DAYS], ["t"]), ['{"t":"100000000"}']),
    (pa.ListArray.from_arrays([0, 2], pa.array([1, 2], pa.timestamp("us", "Mars/Phobos"))), ['["1","2"]']),
    (pa.StructArray.from_arrays([pa.array([1]), pa.array([3])], ["x", "x"]), ['[["x",1],["x",3]]']),
    (pa.ListArray.from_arrays([0, 1], pa.StructArray.from_arrays([DAYS], ["t"])), ['[{"t":"100000000"}]']),
]


@pytest.mark.parametrize(("array", "texts"), ODD)
def test_nested_values_that_python_lacks_are_text(array: pa.Array, texts: list[str]) -> None:
    found = read(pa.table({"a": array}))
    assert found.columns == {"a": texts}
    assert found.mixed == {"a": list(range(1, len(texts) + 1))}


BEYOND = [
    # dates and times that no calendar or clock has
    (DAYS, "100000000"),
    (pa.array([-(2**31)], pa.int32()).view(pa.date32()), "-2147483648"),
    (pa.array([2**62], pa.int64()).view(pa.date64()), "4611686018427387904"),
    (pa.array([2**40], pa.int64()).view(pa.time64("us")), "1099511627776"),
    (pa.array([1], pa.int32()).view(pa.date32()), "1970-01-02"),
]


@pytest.mark.parametrize(("array", "text"), BEYOND)
def test_a_date_or_time_out_of_range_is_its_number(array: pa.Array, text: str) -> None:
    both = pa.concat_arrays([array, pa.nulls(1, array.type)])
    assert scalars(both, 100).values.to_pylist() == [text, None]


def test_a_path_to_one_of_two_fields_of_one_name_stops() -> None:
    twice = pa.StructArray.from_arrays([pa.array([1]), pa.array([3])], ["x", "x"])
    with pytest.raises(CustodyError, match="two fields of its name"):
        read(pa.table({"a": twice}), "a.x")


LONG = 100_000
REFERENCES = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), ["x" * LONG])
BOMBS = [
    # array, whether its type is kept in the file, rows that stay
    (REFERENCES, True, 2_000),
    (REFERENCES, False, 2_000),
    (pa.StructArray.from_arrays([REFERENCES], ["x"]), True, 2_000),
    (pa.ListArray.from_arrays(list(range(2_001)), REFERENCES), False, 2_000),
    (pa.ListArray.from_arrays([0, 2_000], REFERENCES), False, 0),
    (pa.array([b"x" * LONG] * 2_000, pa.binary(LONG)), True, 2_000),
]


@pytest.mark.parametrize(("array", "kept", "rows"), BOMBS)
def test_a_dictionary_does_not_multiply_in_memory(array: pa.Array, kept: bool, rows: int) -> None:  # noqa: FBT001  # a case
    data = parquet(pa.table({"a": array}), store_schema=kept)
    assert len(data) < 20_000
    found = list(read_batches(io.BytesIO(data), Parquet(type="parquet"), ["a"]))
    assert max(batch.table.nbytes for batch in found) < 2**26
    assert sum(batch.rows for batch in found) == rows
    assert [reason for batch in found for _, reason in batch.malformed] == ["too_long"] * (len(array) - rows)
    with pytest.raises(CustodyError, match="max_expanded_bytes"):
        whole(data, ["a"], type="parquet", max_expanded_bytes=2**27)


def test_small_row_groups_are_read_together_and_dictionaries_one_by_one() -> None:
    texts = [f"{i // 1000}" for i in range(20_000)]
    table = pa.table({"a": texts, "b": pa.array(texts).dictionary_encode(), "c": [[text] for text in texts]})
    data = parquet(table, row_group_size=500)
    for name, values in [("a", texts), ("b", texts), ("c", [f'["{text}"]' for text in texts])]:
        found = whole(data, [name], type="parquet")
        assert (found.columns[name], found.lines) == (values, list(range(1, 20_001)))
    assert len(list(read_batches(io.BytesIO(data), Parquet(type="parquet"), ["a"]))) == 2


@pytest.mark.parametrize("encoding", ["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_texts_are_read_in_every_encoding(encoding: str) -> None:
    table = pa.table({"a": ["x", None, "y"], "l": [["a", "b"], None, ["c"]]})
    data = parquet(table, use_dictionary=False, column_encoding={"a": encoding, "l.list.element": encoding})
    found = whole(data, ["a", "l"], type="parquet")
    assert found.columns == {"a": ["x", None, "y"], "l": ['["a","b"]', None, '["c"]']}
