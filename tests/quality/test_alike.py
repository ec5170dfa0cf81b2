"""Records of a partition with the same values are told by value, whatever their hashes are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from custody.quality import alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CELLS = st.lists(
    st.tuples(st.sampled_from([None, "", "a"]), st.sampled_from([None, 0.0, 1.5, float("nan")]), st.booleans()),
    max_size=30,
)


def frame(rows: Sequence[tuple[str | None, float | None, bool]]) -> pl.DataFrame:
    return pl.DataFrame(rows, {"text": pl.String, "number": pl.Float64, "flag": pl.Boolean}, orient="row")


def taken(rows: Sequence[tuple[str | None, float | None, bool]], some: NDArray[np.int64]) -> pl.DataFrame:
    return frame(rows)[some]


def before(rows: Sequence[object]) -> list[int]:
    texts = [repr(row) for row in rows]
    return [i for i, text in enumerate(texts) if text in texts[:i]]


@given(CELLS)
def test_with_a_hash_for_each_value_all_that_occur_again_are_found(rows: list[tuple[str | None, float, bool]]) -> None:
    prints = np.array([[repr(one) for one in rows].index(repr(row)) for row in rows], np.uint64)
    assert alike.repeated(partial(taken, rows), prints).tolist() == before(rows)


@given(CELLS, st.data())
def test_with_any_hashes_none_is_found_that_does_not_occur_again(
    rows: list[tuple[str | None, float, bool]], data: st.DataObject
) -> None:
    prints = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
    found = alike.repeated(partial(taken, rows), np.array(prints, np.uint64)).tolist()
    assert set(found) <= set(before(rows))
    assert found == sorted(found)


def test_hashes_of_some_rows_are_taken_for_those() -> None:
    rows = [("a", None, True), ("b", None, True), ("c", 0.5, False), ("b", None, True)]
    found = alike.repeated(partial(taken, rows), np.array([7, 3, 7], np.uint64), np.array([1, 2, 3]))
    assert found.tolist() == [2]
