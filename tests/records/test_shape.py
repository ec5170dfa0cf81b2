"""A shape tells the kind of a text and nothing of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.records.shape import LONGEST, shape


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("ada.lovelace@example.org", "aaa.aaa@aaa.aaa"),
        ("Ada Lovelace", "Aaa Aaaa"),
        ("+49 170 1234567", "+99 999 999"),
        ("2001:db8::1", "999:aa9::9"),
        ("", ""),
        ("\u00c9mile", "Aaaa"),
        ("a\tb\u202ec", "a?a?a"),
        ("x" * 10_000, "aaa…"),
    ],
)
def test_shapes(text: str, seen: str) -> None:
    assert shape(text) == seen


@given(st.text())
def test_nothing_of_a_text_but_its_punctuation_is_left(text: str) -> None:
    found = shape(text)
    assert len(found) <= LONGEST
    assert not any(character.isalnum() for character in found.translate(dict.fromkeys(map(ord, "aA9"))))


@given(st.text(st.characters(categories=["Ll"]), min_size=4), st.text(st.characters(categories=["Ll"]), min_size=4))
def test_words_look_alike_whatever_their_length(one: str, other: str) -> None:
    assert shape(one[:200]) == shape(other[:200]) == "aaa"
