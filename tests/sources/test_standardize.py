"""Raw fields to the collected columns: what a row becomes depends on that row alone."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.schema import FieldType
from custody.records import columns
from custody.sources.formats.reading import Batch
from custody.sources.standardize import Origin, collected_schema, standardize
from custody.sources.values.times import Clock

FIELDS: dict[str, FieldType] = {
    "ts": "timestamp",
    "user": "user",
    "mail": "email",
    "host": "host",
    "ip": "ip",
    "mac": "mac",
    "url": "url",
    "kind": "category",
    "note": "text",
    "score": "number",
    "count": "integer",
    "ok": "boolean",
}
ORIGIN = Origin("src", "0" * 16, {name: f"their {name}" for name in FIELDS}, Clock("iso", "UTC", None, "k"))


def batch(columns: dict[str, list[object]], mixed: dict[str, list[bool]] | None = None) -> Batch:
    arrays = {
        f"their {name}": values if isinstance(values, pa.Array) else pa.array(values, pa.string())
        for name, values in columns.items()
    }
    rows = len(next(iter(arrays.values())))
    masks = {f"their {name}": np.array(mask) for name, mask in (mixed or {}).items()}
    return Batch(pa.table(arrays), np.arange(1, rows + 1), mixed=masks)


def test_columns_stand_in_the_agreed_order_with_the_agreed_types() -> None:
    fields: dict[str, FieldType] = {"b": "number", "a": "user", "c": "timestamp"}
    schema = collected_schema(fields)
    assert schema.names == ["a", "b", "c", "b!raw", "b!why", "c!raw", "c!why", "!source", "!file", "!line", "!repeat"]
    assert [str(kind) for kind in schema.types] == [
        "string", "double", "timestamp[us, tz=UTC]", *["string"] * 6, "int64", "int64"
    ]  # fmt: skip
    done = standardize(batch({"a": ["x"]}), ORIGIN, fields)
    assert done.table.schema == schema


def test_each_type_is_standardized() -> None:
    raw: dict[str, list[object]] = {
        "ts": ["2026-01-01T00:00:00Z"],
        "user": [" Zoe\u0308 "],
        "mail": ["A@B.C"],
        "host": [" WEB-1.Example "],
        "ip": ["::FFFF:10.0.0.1"],
        "mac": ["AA-BB-CC-DD-EE-FF"],
        "url": [" http://X.example/A "],
        "kind": ["Login"],
        "note": ["a  b\ufeff"],
        "score": ["1e-1"],
        "count": ["5.0"],
        "ok": ["Yes"],
    }
    row = standardize(batch(raw), ORIGIN, FIELDS).table.to_pylist()[0]
    assert {name: row[name] for name in FIELDS if name != "ts"} == {
        "user": "Zoë",
        "mail": "a@b.c",
        "host": "web-1.example",
        "ip": "10.0.0.1",
        "mac": "aa:bb:cc:dd:ee:ff",
        "url": "http://X.example/A",
        "kind": "Login",
        "note": "a  b",
        "score": 0.1,
        "count": 5,
        "ok": True,
    }
    assert row["ts"].isoformat() == "2026-01-01T00:00:00+00:00"
    assert all(row[name] is None for name in row if name.endswith(("!raw", "!why")))
    assert (row["!source"], row["!file"], row["!line"], row["!repeat"]) == ("src", "0" * 16, 1, 1)


def test_what_cannot_be_converted_is_kept_as_text_with_its_reason() -> None:
    done = standardize(batch({"score": ["x", " NaN ", "1", None, " \ufeff"]}), ORIGIN, FIELDS)
    assert done.table.column("score").to_pylist() == [None, None, 1.0, None, None]
    assert done.table.column("score!raw").to_pylist() == ["x", "NaN", None, None, None]
    assert done.table.column("score!why").to_pylist() == ["not_a_number", "not_finite", None, None, None]
    assert done.problems == {"score": {"not_a_number": 1, "not_finite": 1}}


def test_a_column_that_the_source_does_not_map_is_missing() -> None:
    table = standardize(
        batch({"user": ["a", "b"]}), Origin("s", "f", {"user": "their user"}, ORIGIN.clock), FIELDS
    ).table
    assert table.num_rows == 2
    assert all(table.column(name).null_count == 2 for name in FIELDS if name != "user")


def test_a_list_or_object_in_a_scalars_place_is_mixed() -> None:
    raw: dict[str, list[object]] = {"score": ["[1]", "2"], "ip": ["10.0.0.1", "{}"], "user": ['{"a":1}', "bob"]}
    mixed = {"score": [True, False], "ip": [False, True], "user": [True, False]}
    done = standardize(batch(raw, mixed), ORIGIN, FIELDS)
    assert done.table.column("score").to_pylist() == [None, 2.0]
    assert done.table.column("score!why").to_pylist() == ["mixed", None]
    assert done.table.column("score!raw").to_pylist() == ["[1]", None]
    assert done.table.column("ip!raw").to_pylist() == [None, "{}"]
    assert done.table.column("user").to_pylist() == ['{"a":1}', "bob"]
    assert done.problems == {"ip": {"mixed": 1}, "score": {"mixed": 1}, "user": {"mixed": 1}}


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("score", pa.array([1, 2], pa.int32()), [1.0, 2.0]),
        ("count", pa.array([1.0, 2.5]), [1, None]),
        ("ok", pa.array([True, None]), [True, None]),
        ("ok", pa.array([1, 2]), [True, None]),
        ("score", pa.array([True, False]), [None, None]),
        ("score", pa.array([0], pa.timestamp("us")), [None]),
        ("kind", pa.array([200, 404]), ["200", "404"]),
        ("user", pa.array([True]), ["true"]),
        ("ip", pa.array([16909060]), [None]),
    ],
)
def test_parquets_types_are_taken_where_they_fit_and_as_text_elsewhere(
    name: str, values: pa.Array, expected: list[object]
) -> None:
    assert standardize(batch({name: values}), ORIGIN, FIELDS).table.column(name).to_pylist() == expected


def test_repeat_counts_and_lines_are_carried() -> None:
    table = pa.table({"their user": ["a", "b"]})
    done = standardize(Batch(table, np.array([7, 9]), repeat=np.array([1, 5])), ORIGIN, FIELDS).table
    assert done.column("!line").to_pylist() == [7, 9]
    assert done.column("!repeat").to_pylist() == [1, 5]


def test_a_column_in_several_chunks_or_none_is_one() -> None:
    table = pa.table(
        {"their user": pa.chunked_array([["a"], ["b", None]]), "their note": pa.chunked_array([["x"] * 3])}
    )
    done = standardize(Batch(table, np.arange(3)), ORIGIN, FIELDS).table
    assert done.column("user").to_pylist() == ["a", "b", None]
    empty = pa.table({"their user": pa.chunked_array([], pa.string())})
    assert standardize(Batch(empty, np.arange(0)), ORIGIN, FIELDS).table.num_rows == 0


def test_one_field_may_fill_two_columns() -> None:
    origin = Origin("s", "f", {"user": "their user", "mail": "their user"}, ORIGIN.clock)
    table = standardize(batch({"user": ["A@b.c"]}), origin, FIELDS).table
    assert (table.column("user")[0].as_py(), table.column("mail")[0].as_py()) == ("A@b.c", "a@b.c")


CELL = st.none() | st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from([
        "2026-01-01T00:00:00Z", "2026-03-29 02:30:00", "yesterday", "10.0.0.1", "::ffff:1.2.3.4", "A@B.c",
        "aabb.ccdd.eeff", "NaN", "1e3", "+5", "5.5", "TRUE", "0x1f", " \ufeff", "", "Zoe\u0308", "é",
    ]),
)  # fmt: skip
ROW = st.tuples(*[CELL] * len(FIELDS))


@given(st.lists(ROW, min_size=1, max_size=6), st.integers(0, 6))
def test_two_halves_give_what_the_whole_gives(rows: list[tuple[str | None, ...]], cut: int) -> None:
    def table(part: list[tuple[str | None, ...]]) -> pa.Table:
        columns = {name: [row[i] for row in part] for i, name in enumerate(FIELDS)}
        return standardize(batch(columns), ORIGIN, FIELDS).table.drop_columns(["!line"])  # type: ignore[arg-type]

    assert pa.concat_tables([table(rows[:cut]), table(rows[cut:])]).equals(table(rows))


@given(st.lists(ROW, min_size=1, max_size=4))
def test_every_cell_is_a_value_or_missing_or_wrong_and_never_two_of_them(rows: list[tuple[str | None, ...]]) -> None:
    done = standardize(batch({name: [row[i] for row in rows] for i, name in enumerate(FIELDS)}), ORIGIN, FIELDS)
    for row in done.table.to_pylist():
        for name in FIELDS:
            if f"{name}!raw" in row:
                assert (row[f"{name}!raw"] is None) == (row[f"{name}!why"] is None)
                assert row[name] is None or row[f"{name}!raw"] is None
    wrong = {name: done.table.num_rows - done.table.column(f"{name}!why").null_count for name in done.problems}
    assert wrong == {name: sum(codes.values()) for name, codes in done.problems.items()}


@pytest.mark.parametrize("kind", get_args(FieldType))
def test_exactly_the_types_that_a_text_can_fail_to_be_have_companions(kind: FieldType) -> None:
    done = standardize(batch({"score": ["?"]}), ORIGIN, {"score": kind})
    assert bool(done.problems) == (kind in columns.COMPANIONS)
    assert (columns.raw("score") in done.table.column_names) == (kind in columns.COMPANIONS)
