from __future__ import annotations

import pytest

from custody.errors import CustodyError
from sources.reads import Whole, whole

HEAD = (
    rb"#separator \x09" + b"\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tx\n"
    b"#fields\tts\ta\tb\ts\n#types\ttime\tstring\tbool\tset[string]\n"
)


def read(data: bytes, *wanted: str, **format_: object) -> Whole:
    return whole(data, wanted or ("ts", "a", "b", "s"), type="zeek", **format_)


VALUES = [
    # as written, as read: string
    (rb"plain", "plain"),
    (rb"-", None),
    (rb"(empty)", ""),
    (rb"\x2d", "-"),
    (rb"\x28empty)", "(empty)"),
    (rb"a\x09b", "a\tb"),
    (rb"\xc3\xa9", "é"),
    (rb"\xff\xfe", r"\xff\xfe"),
    (rb"nul\x00", r"nul\x00"),
    (rb"C:\\boot", "C:\\boot"),
    (rb'"quoted"', '"quoted"'),
    (rb"T", "T"),
]


@pytest.mark.parametrize(("written", "text"), VALUES)
def test_a_value_is_decoded(written: bytes, text: str | None) -> None:
    assert read(HEAD + b"1.5\t" + written + b"\tT\t-\n").columns["a"] == [text]


def test_booleans_and_sets_follow_their_types() -> None:
    found = read(HEAD + b"1.5\tx\tT\ta,b\n1.6\tx\tF\t(empty)\n1.7\tx\t-\t" + rb"p\x2cq,\x41" + b"\n")
    assert found.columns["b"] == ["true", "false", None]
    assert found.columns["s"] == ["a,b", "", r"p\x2cq,A"]


def test_heads_in_the_middle_change_what_follows() -> None:
    second = b"#close\tx\n#separator |\n#unset_field|~\n#fields|a|ts\n"
    found = read(HEAD + b"1\tx\tT\t-\n" + second + b"-|2\n~|3\n", "ts", "a", "b")
    assert found.columns == {"ts": ["1", "2", "3"], "a": ["x", "-", None], "b": ["true", None, None]}
    assert found.lines == [8, 13, 14]
    assert found.skipped == {"header": 11}
    assert found.missing == frozenset()


def test_ragged_bad_and_early_lines_cost_themselves() -> None:
    found = read(b"early\n" + HEAD + b"1\tx\tT\t-\n\n2\tx\n3\tx\tT\t-\t-\n4\t\xff\tT\t-\n5\tx\tT\t-\n")
    reasons = [(1, "no_fields_line"), (11, "too_few_fields"), (12, "too_many_fields"), (13, "bad_encoding")]
    assert found.malformed == reasons
    assert found.lines == [9, 14]
    assert found.skipped == {"header": 7, "blank": 1}


def test_a_bare_carriage_return_and_a_long_separator_are_read() -> None:
    data = b"#separator ||\n#fields||a||b\nx\ry||1\n||2\n"
    assert read(data, "a", "b").columns == {"a": ["x\ry", ""], "b": ["1", "2"]}


def test_dropped_and_missing_are_told() -> None:
    found = read(HEAD, "ts", "nothing")
    assert (found.rows, found.missing, found.dropped) == (0, {"nothing"}, {"a", "b", "s"})


def test_one_name_for_two_fields_stops() -> None:
    with pytest.raises(CustodyError, match="line 1: #fields"):
        read(b"#fields\ta\ta\n")
