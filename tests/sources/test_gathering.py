"""Batches that are put together hold the rows that they held, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.sources import gathering
from custody.sources.formats.reading import Batch

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = [pa.string(), pa.int64()]
ROW = st.tuples(st.integers(1, 9), st.booleans(), st.integers(1, 3))
BATCH = st.tuples(st.lists(ROW, max_size=5), st.sampled_from(KINDS), st.booleans(), st.booleans())


def batch(rows: Sequence[tuple[int, bool, int]], kind: pa.DataType, *, flagged: bool, counted: bool) -> Batch:
    return Batch(
        pa.table({"a": pa.array([line for line, _, _ in rows], pa.int64()).cast(kind)}),
        np.array([line for line, _, _ in rows], np.int64),
        mixed={"a": np.array([mixed for _, mixed, _ in rows], bool)} if flagged else {},
        repeat=np.array([often for _, _, often in rows], np.int64) if counted else None,
    )


def rows(batches: Sequence[Batch]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for one in batches:
        flags = one.mixed.get("a", np.zeros(one.rows, bool)).tolist()
        often = [1] * one.rows if one.repeat is None else one.repeat.tolist()
        found += zip(one.table.column("a").to_pylist(), one.lines.tolist(), flags, often, strict=True)
    return found


@given(st.lists(BATCH, max_size=8), st.integers(1, 8), st.integers(1, 200))
def test_rows_are_those_of_the_batches(
    parts: list[tuple[list[tuple[int, bool, int]], pa.DataType, bool, bool]], some: int, most: int
) -> None:
    batches = [batch(held, kind, flagged=flagged, counted=counted) for held, kind, flagged, counted in parts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "ROWS", some)
        patch.setattr(gathering, "MOST", most)
        found = list(gathering.gathered(batches))
    assert rows(found) == rows(batches)
    assert all(one.rows for one in found)


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 8))
def test_batches_have_the_rows_of_a_partition_however_they_come(sizes: list[int], some: int) -> None:
    batches = [batch([(1, True, 2)] * size, pa.int64(), flagged=True, counted=True) for size in sizes]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "ROWS", some)
        found = [one.rows for one in gathering.gathered(batches)]
    whole, rest = divmod(sum(sizes), some)
    assert found == [some] * whole + [rest] * (rest > 0)


def test_no_more_is_held_than_some_rows_or_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    batches = [batch([(line, False, 1)] * 4, pa.int64(), flagged=False, counted=False) for line in range(1, 7)]
    monkeypatch.setattr(gathering, "ROWS", 8)
    assert [one.rows for one in gathering.gathered(batches)] == [8, 8, 8]
    monkeypatch.setattr(gathering, "MOST", 32)
    assert [one.rows for one in gathering.gathered(batches)] == [4] * 6


def test_many_small_batches_are_asked_for_their_rows_a_few_times_each() -> None:
    asked = 0

    class Counted(Batch):
        @property
        def rows(self) -> int:
            nonlocal asked
            asked += 1
            return super().rows

    small = batch([(1, False, 1)], pa.int64(), flagged=False, counted=False)
    found = list(gathering.gathered([Counted(small.table, small.lines)] * 1_000))
    assert [one.rows for one in found] == [1_000]
    assert asked < 10 * 1_000
