from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.reads import Whole, whole


def read(data: bytes, *wanted: str, **format_: object) -> Whole:
    return whole(data, wanted or ("a",), type="jsonl", **format_)


VALUES = [
    # JSON, text, structured
    (b'"x"', "x", False),
    (b'""', "", False),
    (b"null", None, False),
    (b"true", "true", False),
    (b"7", "7", False),
    (b"1.5", "1.5", False),
    (b"18446744073709551615", "18446744073709551615", False),
    (b"123456789012345678901234567890", "123456789012345678901234567890", False),
    (b"-123456789012345678901", "-123456789012345678901", False),
    (b"9007199254740993", "9007199254740993", False),
    (b"1e30", "1e+30", False),
    (b'{"b": [1, 2]}', '{"b":[1,2]}', True),
    (b"[]", "[]", True),
    (b'[123456789012345678901, "\xc3\xa9"]', '[123456789012345678901,"é"]', True),
    (b'"\\u00e9\\ud83d\\ude00"', "é😀", False),
]


@pytest.mark.parametrize(("value", "text", "structured"), VALUES)
def test_a_value_is_its_text(value: bytes, text: str | None, structured: bool) -> None:  # noqa: FBT001  # a table
    found = read(b'{"a": %b}\n' % value)
    assert found.columns == {"a": [text]}
    assert found.mixed == ({"a": [1]} if structured else {})


def test_values_of_all_kinds_share_a_column() -> None:
    found = read(b"".join(b'{"a": %b}\n' % value for value, _, _ in VALUES))
    assert found.columns["a"] == [text for _, text, _ in VALUES]
    assert found.mixed["a"] == [i for i, (_, _, structured) in enumerate(VALUES, 1) if structured]


BAD = [
    (b"{", "not_json"),
    (b"[1]", "not_an_object"),
    (b'{"a":1}{"a":2}', "not_json"),
    (b'{"a":NaN}', "not_json"),
    (b'{"a":1e999}', "not_json"),
    (b'{"a":"\\ud800"}', "not_json"),
    (b'{"a":1,"a":2}', "duplicate_key"),
    (b'{"a":1,"a" :2}', "duplicate_key"),
    (b'{"a":1,"x\\u0041":2,"xA":3}', "duplicate_key"),
    (b'{"a":1,"b":"\\u0022:","b":"x"}', "duplicate_key"),
    (b'{"b":1,"b":2,"a":"\\u0022:"}', "duplicate_key"),
    (b'{"b":1,"b":2,"a":"\\u003a"}', "duplicate_key"),
    (b'{"b":1,"b":2,"a":"\\"\\u003Ax"}', "duplicate_key"),
    (b'{"b":1,"b":2,"a" :"x"}', "duplicate_key"),
    (b'{"a":{"b":1,"b":1}}', "duplicate_key"),
    (b'{"c":[{"b":1},{"b":1,"b":"\\":"}],"a":"x"}', "duplicate_key"),
    (b'{"a":"\xff"}', "bad_encoding"),
    (b'{"a":"\0"}', "nul_byte"),
    (b'{"a":%b%b}' % (b"[" * 101, b"]" * 101), "too_deep"),
    (b'{"a":%b%b}' % (b"[" * 100_000, b"]" * 100_000), "too_deep"),
    (b'{"a":"%b"}' % (b"x" * 600_000), "too_long"),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_costs_itself(line: bytes, reason: str) -> None:
    found = read(b'{"a":1}\n\n' + line + b'\n{"a":2}\n', max_record_bytes=500_000)
    assert found.malformed == [(3, reason)]
    assert (found.columns["a"], found.lines) == (["1", "2"], [1, 4])
    assert found.skipped == {"blank": 1}


def test_colons_in_text_and_many_brackets_are_no_offence() -> None:
    assert read(b'{"a":"\\u0022:\\u003a","b" :{"c":":"}}').malformed == []
    line = json.dumps({"a": '":":' * 50 + "{[" * 200, "b": {"c": '"":'}, "d": [{"e": 1}, {"e": 2}]})
    assert read(line.encode()).malformed == []


def test_a_flat_key_with_dots_comes_before_a_nested_one() -> None:
    data = b'{"id.h":"flat","id":{"h":"nested"}}\n{"id":{"h":"nested"}}\n{"id":{"x":1}}\n{"id":"text"}\n'
    assert read(data, "id.h").columns == {"id.h": ["flat", "nested", None, None]}


def test_a_dotted_path_reaches_through_dotted_keys() -> None:
    assert read(b'{"a.b":{"c":{"d.e":1}}}', "a.b.c.d.e").columns == {"a.b.c.d.e": ["1"]}


def test_dropped_fields_are_counted_where_they_leave_the_wanted_paths() -> None:
    found = read(b'{"a":{"b":1,"c":2,"d":{"e":1}},"x":{"y":1}}\n{"a":7,"z":1}\n', "a.b")
    assert found.dropped == {"a.c", "a.d", "x", "a", "z"}


def test_a_field_that_is_null_everywhere_is_there_and_one_that_no_record_has_is_missing() -> None:
    found = read(b'{"a":null,"b":{}}\n', "a", "b.c", "d")
    assert found.missing == {"b.c", "d"}


def test_an_empty_file_has_no_records_and_misses_everything() -> None:
    found = read(b"")
    assert (found.read, found.missing) == (0, {"a"})


def test_a_byte_order_mark_and_crlf_are_no_part_of_a_record() -> None:
    assert read(b'\xef\xbb\xbf{"a":1}\r\n{"a":2}\r\n').columns["a"] == ["1", "2"]


LEAF = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
TREE = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab.:"', max_size=3), inner)
)
OBJECTS = st.lists(st.dictionaries(st.sampled_from(["a", "b", "a.b", '":']), TREE), max_size=8)


@settings(deadline=None)
@given(OBJECTS, st.booleans())
def test_every_object_that_the_standard_library_writes_is_a_row(items: list[dict[str, object]], ascii_: bool) -> None:  # noqa: FBT001  # drawn
    data = "\n".join(json.dumps(item, ensure_ascii=ascii_) for item in items).encode()
    found = read(data, "a")
    assert found.malformed == []
    for item, text in zip(items, found.columns["a"], strict=True):
        value = item.get("a")
        assert text == (value if isinstance(value, str) else None) if value is None or isinstance(value, str) else True
        if value is not None and not isinstance(value, str):
            assert json.loads(text) == value


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["1", '"x"', '{"k":1,"k":2}', '"\\":"'])),
        max_size=5,
    )
)
def test_an_object_is_malformed_exactly_when_it_repeats_a_key(pairs: list[tuple[str, str]]) -> None:
    line = "{" + ",".join(f'"{key}":{value}' for key, value in pairs) + "}"
    repeated = len({key for key, _ in pairs}) < len(pairs) or any('"k":1' in value for _, value in pairs)
    assert read(line.encode()).malformed == ([(1, "duplicate_key")] if repeated else [])
