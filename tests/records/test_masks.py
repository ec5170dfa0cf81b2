"""Masks are what Arrow itself says of each value, wherever an array begins."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.records import masks

CUT = st.tuples(st.integers(0, 30), st.integers(0, 30))


@given(st.lists(st.sampled_from([True, False, None]), max_size=40), CUT)
def test_a_boolean_is_true_where_it_is_and_null_is_false(cells: list[bool | None], cut: tuple[int, int]) -> None:
    values = pa.array(cells, pa.bool_()).slice(*cut)
    assert masks.true(values).tolist() == [one is True for one in values.to_pylist()]
    assert masks.there(values).tolist() == [one is not None for one in values.to_pylist()]


@pytest.mark.parametrize(
    "values",
    [
        pa.nulls(9),
        pa.nulls(9, pa.bool_()),
        pa.array([], pa.bool_()),
        pa.array(["a", None, "b"]).slice(1),
        pa.array(["a", None, "a"]).dictionary_encode(),
    ],
)
def test_a_value_is_there_where_arrow_says_that_it_is_valid(values: pa.Array) -> None:
    assert masks.there(values).tolist() == values.is_valid().to_pylist()


def test_what_stands_under_a_null_is_not_true() -> None:
    held = pa.Array.from_buffers(pa.bool_(), 8, [pa.py_buffer(b"\x0f"), pa.py_buffer(b"\xff")])
    assert masks.true(held).tolist() == [True] * 4 + [False] * 4
