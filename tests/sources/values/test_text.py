"""Text: one Unicode form, no blanks around it, nothing where nothing stands."""

from __future__ import annotations

import sys
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.sources.values.text import BLANKS, ascii_only, clean, lower

TEXTS = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=8)


@pytest.mark.parametrize("text", ["", " ", "\ufeff", "\t \r\n", "\u00a0\u2003\u3000", "\u200b\ufeff \u2060"])
def test_blanks_and_byte_order_marks_alone_are_missing(text: str) -> None:
    assert clean(pa.array([text])).to_pylist() == [None]


@pytest.mark.parametrize(
    "mark",
    ["\0", "\x01", "\x1f", "\x7f", "\x80", "\x9f", "\u00ad", *map(chr, range(0x200B, 0x2010)), "\u202e", "\u2060",
     "\u2066", "\ufeff", "\U000e0001", "\U000e0061"],
)  # fmt: skip
def test_what_shows_nothing_makes_no_other_name_of_one_and_stays_inside(mark: str) -> None:
    texts = ["mia", f"{mark}mia", f"mia{mark}", f" {mark} mia{mark}\t{mark}", f"m{mark}ia", mark]
    for more in ([], ["ö"]):
        trimmed = ["mia", "mia", "mia", "mia", f"m{mark}ia", None]
        assert clean(pa.array([*texts, *more])).to_pylist() == [*trimmed, *more]


def test_every_invisible_character_that_python_knows_is_a_blank_and_nothing_that_shows() -> None:
    before_numbers = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
    codes = map(chr, range(sys.maxunicode + 1))
    kinds = {code: unicodedata.category(code) for code in codes}
    invisible = {code for code, kind in kinds.items() if kind in {"Cc", "Cf"}} - before_numbers
    later = set(map(chr, range(0x13439, 0x13440)))  # known from Unicode 15 on, which not every Python has
    assert invisible <= set(BLANKS)
    assert {code for code in set(BLANKS) - later - invisible if kinds[code] not in {"Zs", "Zl", "Zp"}} == set()


def test_every_character_that_python_calls_space_is_a_blank() -> None:
    assert {chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()} < set(BLANKS)


ASCII = st.lists(st.none() | st.text(st.characters(max_codepoint=127), max_size=4), max_size=5)


@given(TEXTS | ASCII)
def test_clean_text_equals_pythons_normal_form_without_blanks(texts: list[str | None]) -> None:
    expected = [text and (unicodedata.normalize("NFC", text).strip(BLANKS) or None) for text in texts]
    assert clean(pa.array(texts, pa.string())).to_pylist() == [text or None for text in expected]


@given(TEXTS)
def test_cleaning_and_lowering_again_change_nothing(texts: list[str | None]) -> None:
    once = clean(pa.array(texts, pa.string()))
    assert clean(once).equals(once)
    low = lower(once)
    assert lower(low).equals(low)
    assert clean(low).equals(low)


@given(TEXTS, st.integers(0, 8), st.integers(0, 8))
def test_a_slice_is_ascii_where_its_own_texts_are(texts: list[str | None], start: int, length: int) -> None:
    part = pa.array(texts, pa.string()).slice(min(start, len(texts)), length)
    assert ascii_only(part) == all(text is None or text.isascii() for text in part.to_pylist())
