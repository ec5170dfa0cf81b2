"""What is done once per distinct text is done to every row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.sources.repeated import FIRST, distinct

TEXTS = st.lists(st.none() | st.sampled_from(["", "a", "b"]) | st.text(max_size=3), max_size=30)


@given(TEXTS, st.integers(0, 3))
def test_values_stand_where_their_texts_stood(texts: list[str | None], cut: int) -> None:
    column = pa.array(texts, pa.string()).slice(cut)
    found, laid_out = distinct(column)
    assert laid_out(found).to_pylist() == column.to_pylist()
    assert laid_out(pc.binary_length(found)).equals(pc.binary_length(column))


@pytest.mark.parametrize(("texts", "once"), [(10, True), (FIRST, True), (2**40, False)])
def test_texts_are_taken_once_where_most_repeat(texts: int, once: bool) -> None:  # noqa: FBT001  # a case
    column = pa.array(np.random.default_rng(7).integers(0, texts, 20 * FIRST)).cast(pa.string())
    assert (len(distinct(column)[0]) < len(column)) == once
