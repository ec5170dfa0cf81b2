from __future__ import annotations

import csv as standard
import io
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.sources import Csv
from custody.sources.formats import csv
from sources.reads import Whole, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(data: bytes, *wanted: str, **format_: object) -> Whole:
    return whole(data, wanted or ("a", "b"), type="csv", **format_)


def in_chunks(data: bytes, size: int, **format_: object) -> Whole:
    found = Whole()
    pieces: Iterator[bytes] = (data[i : i + size] for i in range(0, len(data), size))
    for batch in csv.read(pieces, Csv(type="csv", **format_), ("a", "b")):  # type: ignore[arg-type]
        found.add(batch)
    return found


DIALECTS = [
    # bytes, format
    (b"a,b\n1,2\n", {}),
    (b"a,b\r\n1,2\r\n", {}),
    (b"a,b\r1,2\r", {}),
    (b"a,b\n1,2", {}),
    (b"\xef\xbb\xbfa,b\n1,2\n", {}),
    (b"\n \na,b\n\n1,2\n", {}),
    (b"a\tb\n1\t2\n", {"delimiter": "\t"}),
    (b"a;b\n1;2\n", {"delimiter": ";"}),
    ("a§b\n1§2\n".encode(), {"delimiter": "§"}),
    (b"'a','b'\n'1','2'\n", {"quote": "'"}),
    (b" a , b\n1,2\n", {}),
    (b"1,2\n", {"header": False, "names": ("a", "b")}),
    ("a,b\n1,2\n".encode("utf-16"), {}),
    ("a,b\n1,2\n".encode("utf-16-be"), {"encoding": "utf-16-be"}),
    ("a,b\n1,2\n".encode("utf-16-le"), {"encoding": "utf-16"}),
]


@pytest.mark.parametrize(("data", "format_"), DIALECTS)
def test_every_dialect_gives_the_same_row(data: bytes, format_: dict[str, object]) -> None:
    found = read(data, **format_)
    assert found.columns == {"a": ["1"], "b": ["2"]}
    assert not found.malformed
    assert not found.missing


def test_line_numbers_are_physical_lines_after_quoted_line_breaks() -> None:
    found = read(b'a,b\n"x\n\ny",1\n2,"z\r\nz"\n3,4\n')
    assert found.columns == {"a": ["x\n\ny", "2", "3"], "b": ["1", "z\r\nz", "4"]}
    assert found.lines == [2, 5, 7]


def test_each_bad_record_costs_itself_with_its_line_and_reason() -> None:
    data = b'a,b\n1,2\n3\n4,5,6\n"q" r,1\n\xff,1\nx\0,1\n7,8\n9,"open\n10,11\n'
    found = read(data)
    assert found.columns["a"] == ["1", "7", "10"]
    assert found.malformed == [
        (3, "too_few_fields"),
        (4, "too_many_fields"),
        (5, "stray_quote"),
        (6, "bad_encoding"),
        (7, "nul_byte"),
        (9, "unclosed_quote"),
    ]
    assert found.skipped == {"header": 1}


def test_a_quote_inside_an_unquoted_field_is_text() -> None:
    assert read(b'a,b\n5" disk,it""s\n').columns == {"a": ['5" disk'], "b": ['it""s']}


def test_doubled_quotes_are_one_and_quoted_delimiters_are_text() -> None:
    assert read(b'a,b\n"say ""hi""","1,2"\n"""",""\n').columns == {"a": ['say "hi"', '"'], "b": ["1,2", ""]}


def test_an_escape_sign_counts_inside_quotes_alone() -> None:
    found = read(rb"a,b" b"\n" rb'"x\"y","\\"' b"\n" rb"p\q,2" b"\n", escape="\\")
    assert found.columns == {"a": ['x"y', r"p\q"], "b": ["\\", "2"]}


def test_without_quoting_a_quote_is_text() -> None:
    assert read(b'a,b\n"1,2"\n', quote="").columns == {"a": ['"1'], "b": ['2"']}


def test_words_for_null_stay_words_and_empty_stays_empty() -> None:
    found = read(b'a,b\nNA,null\n,""\nNaN,None\n')
    assert found.columns == {"a": ["NA", "", "NaN"], "b": ["null", "", "None"]}


def test_what_is_not_wanted_is_dropped_and_what_is_not_there_is_missing() -> None:
    found = read(b"a,x,y,\n1,2,3,4\n")
    assert found.dropped == {"x", "y", "#3"}
    assert found.missing == {"b"}
    assert found.columns == {"a": ["1"], "b": [None]}


def test_a_file_that_has_nothing_wanted_still_counts_its_records() -> None:
    found = read(b"x,y\n1,2\n3,4\n")
    assert (found.rows, found.missing) == (2, {"a", "b"})


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_a_file_without_a_header_line_misses_everything(data: bytes) -> None:
    found = read(data)
    assert (found.rows, found.missing) == (0, {"a", "b"})
    assert found.read == data.count(b"\n")


def test_a_file_that_is_only_a_header_misses_nothing() -> None:
    found = read(b"a,b\n")
    assert (found.rows, found.missing, found.skipped) == (0, frozenset(), {"header": 1})


@pytest.mark.parametrize(
    ("data", "format_", "says"),
    [
        (b"a,secret,c,secret\n", {}, "columns 2 and 4 have the same name"),
        (b"1,2\n", {"header": False, "names": ("a", "a")}, "columns 1 and 2"),
        (b"a,\xff\n", {}, "line 1: the header cannot be read"),
        (b'a,"b\n1,2\n', {}, "line 1: the header cannot be read"),
        (b"a,b\n", {"header": False}, "format.names"),
        (b"a,b\n", {"delimiter": '"'}, "three different signs"),
        (b"a,b\n", {"quote": "«"}, "ASCII"),
        (b"x" * 100, {"max_record_bytes": 64}, "line 1: the header cannot be read"),
    ],
)
def test_an_unusable_file_stops_with_its_place_and_no_value(data: bytes, format_: dict[str, object], says: str) -> None:
    with pytest.raises(CustodyError, match=says) as stopped:
        read(data, **format_)
    assert "secret" not in str(stopped.value)
    assert stopped.value.__cause__ is None


def test_a_quote_open_beyond_the_limit_costs_only_its_line() -> None:
    data = b'a,b\n1,"open\n' + b"2,3\n" * 100 + b'4,5"\n'
    found = read(data, max_record_bytes=64)
    assert found.malformed == [(2, "unclosed_quote")]
    assert found.columns["a"] == ["2"] * 100 + ["4"]


def test_a_long_line_is_passed_over_and_counted_as_one() -> None:
    data = b"a,b\n1,2\n" + b"x" * 65 + b'\n3,"4\n' + b"y" * 500 + b"\n5,6\n"
    found = read(data, max_record_bytes=64)
    assert found.malformed == [(3, "too_long"), (4, "unclosed_quote"), (5, "too_long")]
    assert found.lines == [2, 6]


def test_a_whole_record_with_a_bad_byte_gives_no_record_from_inside_its_quotes() -> None:
    found = read(b'a,b\n"\xff\nforged,row\n",1\n2,3\n')
    assert found.malformed == [(2, "bad_encoding")]
    assert found.columns["a"] == ["2"]


def test_a_bare_carriage_return_forges_no_record_in_a_file_of_line_feeds() -> None:
    found = read(b"a,b\n1,x\rforged,row\n2,3\n")
    assert found.malformed == [(2, "too_many_fields")]
    assert found.columns["a"] == ["2"]


CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@settings(deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=30), st.sampled_from([",", "\t", ";"]), st.integers(1, 50))
def test_what_the_standard_library_writes_is_read_back(rows: list[tuple[str, ...]], sign: str, size: int) -> None:
    text = io.StringIO()
    writer = standard.writer(text, delimiter=sign, quoting=standard.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([("a", "b", "c"), *rows])
    found = in_chunks(text.getvalue().encode(), size, delimiter=sign)
    assert list(zip(found.columns["a"], found.columns["b"], strict=True)) == [row[:2] for row in rows]
    assert found.malformed == []


PIECES = st.sampled_from(
    [b"a", b",", b'"', b"\n", b"\r\n", b"\r", b'""', b"\xc3\xa9", b"\xff", b"\0", b" ", b"\\", b"1,2\n"]
)
NOISE = st.lists(PIECES, max_size=60).map(b"".join)
FORMATS = st.sampled_from(
    [{}, {"quote": ""}, {"escape": "\\"}, {"delimiter": " "}, {"header": False, "names": ("a",)}, {"quote": "a"}]
)


@settings(deadline=None)
@given(NOISE, FORMATS, st.integers(1, 40), st.sampled_from([64, 2**20]))
def test_fast_and_slow_ways_agree_on_any_bytes_in_any_chunks(
    noise: bytes, format_: dict[str, object], size: int, limit: int
) -> None:
    start = b"" if "names" in format_ else b"x a b\n" if "delimiter" in format_ else b"x,y\n"
    data = start + b"1,2\n" * 9 + noise
    given_ = {"header": False, "names": ("a", "b"), "max_record_bytes": limit} | format_
    fast = in_chunks(data, 2**20, **given_)
    with mock.patch.object(csv, "block", return_value=None):
        slow = in_chunks(data, 2**20, **given_)
    chunked = in_chunks(data, size, **given_)
    assert fast == slow == chunked


def test_eighteen_bad_lines_among_260000_are_18_malformed_records_with_line_numbers() -> None:
    lines = [b"%d,user-%d" % (i, i) for i in range(2, 260_002)]
    bad = sorted(range(7, 260_000, 14_444))[:18]
    for i, number in enumerate(bad):
        lines[number] = [b"ragged", b"x,\xff", b"nul\0,1", b'x,"open', b"1,2,3", b'"a" b,c'][i % 6]
    found = read(b"a,b\n" + b"\n".join(lines) + b"\n")
    assert [line for line, _ in found.malformed] == [number + 2 for number in bad]
    assert found.rows == 260_000 - 18
    assert found.lines == [i for i in range(2, 260_002) if i - 2 not in set(bad)]
    assert [int(a) for a in found.columns["a"]] == found.lines
