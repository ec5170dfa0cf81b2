from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.text import sentinels, splice

TEXTS = st.lists(st.text("ab1é-", max_size=12), max_size=8)


@given(TEXTS)
def test_matches_are_found_where_pythons_engine_finds_them(texts: list[str]) -> None:
    spans = splice.find(pa.array(texts, pa.large_string()), "[0-9é]+")
    expected = [
        (row, len(text[: m.start()].encode()), len(text[: m.end()].encode()))
        for row, text in enumerate(texts)
        for m in re.finditer("[0-9é]+", text)
    ]
    assert list(zip(*(part.tolist() for part in spans), strict=True)) == expected


@given(TEXTS)
def test_spans_are_replaced_as_pythons_engine_replaces_them(texts: list[str]) -> None:
    array = pa.array(["", *texts], pa.large_string()).slice(1)
    spans = splice.find(array, "[0-9é]+")
    inserts = pa.array([f"<{i}>" for i in range(len(spans.row))], pa.string())
    numbers = iter(range(100))
    assert splice.replace(array, spans, inserts).to_pylist() == [
        re.sub("[0-9é]+", lambda _: f"<{next(numbers)}>", text) for text in texts
    ]
    assert splice.pieces(array, spans).to_pylist() == [m for text in texts for m in re.findall("[0-9é]+", text)]


@given(st.lists(st.integers(0, 2**32 - 1), max_size=10))
def test_sentinels_spell_their_numbers(numbers: list[int]) -> None:
    written = sentinels.write(np.array(numbers, dtype=np.int64))
    texts = pa.array([f"é{one}x{one}" for one in written.to_pylist()], pa.large_string())
    spans, read = sentinels.read(texts)
    assert read.tolist() == [number for number in numbers for _ in range(2)]
    assert splice.replace(texts, spans, pa.array(["-"] * len(read), pa.string())).to_pylist() == ["é-x-"] * len(numbers)


def test_private_characters_of_a_text_are_cleared() -> None:
    assert sentinels.cleared(pa.array(["a\U00100000\U0010ffff\uf8ff\ue000z"])).to_pylist() == [
        "a\ufffd\ufffd\ufffd\ue000z"
    ]
