from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.sources.streams.encoding import canonical, honest, utf8
from sources.reads import whole

CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
DECLARED = {"utf-8-sig": "auto"}


@settings(deadline=None)
@given(st.text(st.characters(codec="cp1252")), st.sampled_from(CODECS), st.integers(1, 9))
def test_text_survives_whatever_it_is_encoded_in(text: str, codec: str, size: int) -> None:
    text = (
        "x" + text.replace("\ufeff", "")
        if codec != "latin-1"
        else "x" + text.encode("latin-1", "ignore").decode("latin-1")
    )
    data = text.encode(codec)
    pieces = (data[i : i + size] for i in range(0, len(data), size))
    declared = DECLARED.get(codec, codec)
    if size >= 3:
        assert b"".join(utf8(pieces, declared)).decode() == text


@pytest.mark.parametrize(
    ("data", "encoding", "rows", "bad"),
    [
        (b"a\n\xe9\n\xc3\xa9\n", "auto", ["é"], [(2, "bad_encoding")]),  # Latin-1 among UTF-8
        (b"a\n\xe9\n\xc3\xa9\n", "latin-1", ["é", "Ã©"], []),
        (b"a\n\x93x\x94\n\x81\n", "cp1252", ["“x”"], [(3, "bad_encoding")]),  # 0x81 is not assigned
        (
            "a\nx\n".encode("utf-16") + b"\x00\xd8" + "\ny\n".encode("utf-16-le"),
            "auto",
            ["x", "y"],
            [(3, "bad_encoding")],
        ),
        ("a\nx\n".encode("utf-16-le") + b"y", "utf-16-le", ["x"], [(3, "bad_encoding")]),  # half a unit at the end
        ("a\nx\n".encode("utf-16-le")[:-1], "auto", [], []),  # UTF-16 that nobody declared
    ],
)
def test_a_record_that_is_not_in_the_encoding_costs_itself(
    data: bytes, encoding: str, rows: list[str], bad: list[tuple[int, str]]
) -> None:
    if not rows:
        found = whole(data, ["a"], type="text", pattern="^(?P<a>.*)$", encoding=encoding)
        assert {reason for _, reason in found.malformed} == {"nul_byte"}
        return
    found = whole(data, ["a"], type="csv", encoding=encoding)
    assert (found.columns["a"], found.malformed) == (rows, bad)


def test_text_that_does_not_fit_its_declared_encoding_is_latin1_and_says_so() -> None:
    assert honest(b"caf\xe9", "utf-8") == ("café", "latin-1")
    assert honest(b"caf\xc3\xa9", "UTF8") == ("café", "utf-8")
    assert honest(b"x", "no such codec") == ("x", "latin-1")
    assert honest(b"+2AA-", "utf-7") == ("+2AA-", "latin-1")


@pytest.mark.parametrize("codec", ["punycode", "idna", "unicode_escape", "undefined", "rot13", "utf-8\0"])
def test_a_codec_that_is_no_encoding_of_text_is_not_used(codec: str) -> None:
    assert honest(rb"a\d-" + b"z" * 100_000, codec) == (r"a\d-" + "z" * 100_000, "latin-1")
    assert canonical(codec) != "latin-1"
