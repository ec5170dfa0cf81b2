"""What escapes say, and which bytes say it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy.text import decoded, escapes, folding
from privacy.known_names import build

CASES = [
    ("plain", "plain"),
    ("%61b%63", "abc"),
    ("%2561 %252561", "a a"),
    ("%c3%a9 %E9", "\u00e9 \u00e9"),  # UTF-8, Latin-1
    ("%u00e9", "\u00e9"),
    (r"\u0061\\u0062\\\\u0063", "abc"),
    (r"\ud83d\ude00 \U0001f600 \u{1F600}", "\U0001f600 \U0001f600 \U0001f600"),
    (r"\x61\xc3\xa9 \141", "a\u00e9 a"),
    (r"\"a\/b\'", "\"a/b'"),
    ("&#97;&#x62;&#99 &amp;&commat;", "abc &@"),
    ("\uff41\uff20", "a@"),
    ("a\u00adl\u200bi", "ali"),
    (r"\ud83d &#1114112; \U00110000", "? \ufffd ?"),  # no characters
]


@pytest.mark.parametrize(("text", "meant"), CASES)
def test_escapes_are_taken_off(text: str, meant: str) -> None:
    layer = escapes.unescaped(folding.haystack(pa.array(["x", text])), np.array([1]))
    assert layer.haystack.raw.to_pylist() == [meant]
    assert layer.row.tolist() == [1]


def test_quoted_printable_is_taken_off_and_lines_are_joined() -> None:
    layer = escapes.unquoted(folding.haystack(pa.array(["=61b=\r\nc=3D"])), np.array([0]))
    assert layer.haystack.raw.to_pylist() == ["abc="]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["%61", "\\u0062", "c", "\u00e9", "%E9", "%C3%A9", "%", "&#98;", "\u00ad"]), max_size=9)
)
def test_each_byte_knows_the_span_that_says_it(parts: list[str]) -> None:
    text = "".join(parts)
    layer = escapes.unescaped(folding.haystack(pa.array(["zz", text])), np.array([1]))
    whole = ("zz" + text).encode()
    spans = sorted(set(zip(layer.start.tolist(), layer.end.tolist(), strict=True)))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    said = b"".join(whole[start:end] for start, end in spans)
    assert said == text.replace("\u00ad", "").encode()


@given(st.binary(max_size=12), st.integers(0, 12))
def test_bytes_are_utf_8_exactly_where_python_reads_them_so(data: bytes, cut: int) -> None:
    parts = [data[:cut], data[cut:]]
    offsets = np.array([0, min(cut, len(data)), len(data)])
    good = decoded.valid(np.frombuffer(data, dtype=np.uint8), offsets).tolist()
    expected: list[bool] = []
    for part in parts:
        marked = part.decode("utf-8", "surrogateescape")
        expected += [not "\ud800" <= c <= "\udfff" for c in marked for _ in c.encode("utf-8", "surrogateescape")]
    assert good == expected


@pytest.mark.parametrize("before", ["x\0", "%41\0", "\0", "\\u0041\0"])
@pytest.mark.parametrize("after", ["", "\0", "\0x"])
def test_a_name_in_escapes_is_found_beside_a_nul_that_parts_words(before: str, after: str) -> None:
    names = build({"user": ["bartholomea"]})
    for spelled in ("%62artholomea", "".join(f"\\u{ord(one):04x}" for one in "bartholomea"), "b\0artholomea"):
        if spelled[1] != "\0" or not (before + after).strip("\0"):
            assert len(names.find(pa.array([before + spelled + after]))) == 1, spelled
