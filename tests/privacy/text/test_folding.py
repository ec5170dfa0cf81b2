from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.text.folding import fold


@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=8))
def test_every_byte_keeps_its_place_and_folding_twice_changes_nothing(texts: list[str | None]) -> None:
    folded = fold(pa.array(texts, pa.string()))
    assert [len(text.encode()) for text in folded.to_pylist()] == [len((text or "").encode()) for text in texts]
    assert fold(folded).equals(folded)


@given(st.text(max_size=10), st.text(max_size=10), st.text(max_size=10))
def test_what_a_text_folds_to_does_not_depend_on_what_stands_beside_it(left: str, text: str, right: str) -> None:
    whole, part = (fold(pa.array([one]))[0].as_py() for one in (left + text + right, text))
    assert whole[len(left) : len(left) + len(text)] == part


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ALICE", "alice"),
        ("ÉLODIE", "élodie"),
        ("ΝΊΚΟΣ", "νίκοσ"),
        ("νίκος", "νίκοσ"),  # final sigma
        ("ИВАН", "иван"),
        ("\u212aELVIN Ä", "\u212aelvin ä"),  # Kelvin sign: its k is two bytes shorter
        ("İSTANBUL", "İstanbul"),  # its lower case is two characters
    ],
)
def test_case_is_gone_in_every_script(text: str, folded: str) -> None:
    assert fold(pa.array([text, None])).to_pylist() == [folded, ""]


def test_slices_and_chunks_fold_as_wholes() -> None:
    texts = pa.array(["A", "É", "B", None])
    assert fold(texts.slice(1, 2)).to_pylist() == ["é", "b"]
    assert fold(pa.chunked_array([texts, texts])).to_pylist() == ["a", "é", "b", ""] * 2
