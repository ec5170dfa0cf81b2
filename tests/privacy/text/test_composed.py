"""One name, whatever form its letters are written in, as its tokens are one."""

from __future__ import annotations

import base64
import unicodedata
from urllib.parse import quote

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custody.privacy import canonical
from custody.privacy.leaks.searching import search_for
from custody.privacy.techniques import redact_text
from custody.privacy.text import composed, folding
from custody.privacy.text.search import ANY
from privacy.known_names import build

NAMES = ["strauß", "weiss", "élodie.martin", "jürgen müller", "김민수아", "İpek.kaya", "voß", "zoë"]
KNOWN = build({"user": NAMES})


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("login of STRAUSS failed", "strauß"),
        ("Strauss", "strauß"),
        ("STRAU\u1e9e at 10", "strauß"),  # the capital sharp s
        ("Weiß, Weiss", "weiss"),
        ("user=VOSS user=voß", "voß"),
        ("İPEK.KAYA", "İpek.kaya"),
        (decomposed("ÉLODIE.MARTIN"), "élodie.martin"),
        (quote(decomposed("élodie.martin")), "élodie.martin"),
        ("x " + packed(decomposed("élodie.martin")), "élodie.martin"),
        ("x " + packed("for " + decomposed("Jürgen Müller")), "jürgen müller"),
        ("x " + quote(quote(decomposed("jürgen müller"))), "jürgen müller"),
        (decomposed("김민수아"), "김민수아"),
        (packed(decomposed("김민수아")), "김민수아"),
        (quote("STRAUSS") + " " + quote("Strauß") + " " + packed("login STRAUSS ok"), "strauß"),
        ("user=" + decomposed("Zoë"), "zoë"),
    ],
)
def test_every_form_of_a_name_is_found_and_redacted(text: str, name: str) -> None:
    column = pa.array([text])
    assert {KNOWN.names[number].as_py() for number in KNOWN.find(column).identifier.tolist()} == {name}
    token = KNOWN.replacements[KNOWN.names.to_pylist().index(name)].as_py()
    written = redact_text.apply(column, KNOWN).values
    assert token in written[0].as_py()
    assert len(KNOWN.find(written)) == 0


@pytest.mark.parametrize("text", ["strausse Straußen", "elodie.martin", "wei\u017f", "e\u0301lodie", "\u0301 \u0308"])
def test_other_words_are_no_names(text: str) -> None:
    assert len(KNOWN.find(pa.array([text]))) == 0


LETTERS = st.characters(categories=["Ll", "Lu"], max_codepoint=0x24F)


@settings(max_examples=40)
@given(st.text(LETTERS, min_size=6, max_size=12), st.sampled_from([str.upper, str.lower, str.casefold, str]))
def test_any_case_in_any_composition_is_the_same_name(name: str, change: type[str]) -> None:
    other = change(name)
    assume(canonical.folded(other) == canonical.folded(name))
    known = build({"user": [unicodedata.normalize("NFC", name)]})
    texts = [form(other) for form in (str, decomposed, quote, lambda text: quote(decomposed(text)))]
    hits = known.find(pa.array([f"for {text} at" for text in texts]))
    assert {*hits.row.tolist()} == {*range(len(texts))}


def test_every_character_that_the_compared_form_changes_is_looked_for() -> None:
    others = [*map(chr, range(0x80, 0xD800)), *map(chr, range(0xE000, 0x110000))]
    kept = folding.fold(pa.array(others)).to_pylist()
    changed = [one for one, same in zip(others, kept, strict=True) if composed.folded(one) != same]
    assert composed.rows(pa.array(changed, pa.large_string())).tolist() == [*range(len(changed))]


def test_texts_of_ascii_alone_are_passed_over() -> None:
    assert composed.rows(pa.array(["plain", "é", "e\u0301", "ß", "日本"], pa.large_string())).tolist() == [2, 3]


def test_a_cell_of_one_word_is_told_in_every_form() -> None:
    search = search_for(KNOWN)
    hits = search.find(pa.array(["STRAUSS", "strauss", "other"]), whole=ANY)
    assert hits.row.tolist() == [0, 1]
    assert {KNOWN.names[number].as_py() for number in hits.identifier.tolist()} == {"strauß"}
