"""Coarsening what was merged gives what grouping the coarse rows gives."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy import risk
from custody.privacy.risk import coarsening
from custody.privacy.risk.coarsening import Coarsening, Combinations
from privacy.risk.tables import NAMES, SEED

Row = tuple[int, int, str | None]
ROWS = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 7), st.sampled_from([*NAMES, None])), max_size=40)
LEVELS = [(a, b) for a in range(4) for b in range(3)]


def hashed(values: list[int]) -> risk.Hashes:
    return risk.hashes(pa.chunked_array([pa.array(values, pa.int64())]), SEED)


def table(rows: list[Row], levels: tuple[int, int]) -> pa.Table:
    return pa.table(
        {
            "a": pa.array([row[0] >> levels[0] * 2 for row in rows], pa.int64()),
            "b": pa.array([row[1] >> levels[1] * 2 for row in rows], pa.int64()),
        }
    )


def grouped(rows: list[Row], levels: tuple[int, int]) -> risk.Groups:
    subjects = pa.chunked_array([pa.array([row[2] for row in rows], pa.string())])
    return risk.summarize(risk.groups_of(table(rows, levels), SEED), subjects, SEED)


def combined(rows: list[Row]) -> Combinations:
    columns = [[row[0] for row in rows], [row[1] for row in rows]]
    ladders = [
        coarsening.rungs([hashed([value >> level * 2 for value in column]) for level in range(heights)])
        for column, heights in zip(columns, (4, 3), strict=True)
    ]
    return coarsening.combine([hashed(column) for column in columns], ladders, len(rows))


@given(ROWS.filter(bool), st.sampled_from(LEVELS))
def test_coarse_groups_are_those_of_the_coarse_rows(rows: list[Row], levels: tuple[int, int]) -> None:
    found, expected = Coarsening(grouped(rows, (0, 0)), combined(rows)).at(levels), grouped(rows, levels)
    assert found.group.tolist() == expected.group.tolist()
    assert found.subject.tolist() == expected.subject.tolist()
    assert found.rows.tolist() == expected.rows.tolist()


@given(ROWS.filter(bool), st.lists(st.integers(0, 40), max_size=4), st.booleans())
def test_chunks_in_any_order_equal_the_whole(rows: list[Row], cuts: list[int], backwards: bool) -> None:  # noqa: FBT001
    edges = [0, *sorted(cuts), len(rows)]
    parts = [combined(rows[low:high]) for low, high in pairwise(edges)]
    merged = coarsening.merge(parts[::-1] if backwards else parts)
    whole = combined(rows)
    for one, other in zip((merged.group, *merged.columns), (whole.group, *whole.columns), strict=True):
        assert one.tolist() == other.tolist()
    assert [[level.tolist() for level in one.levels] for one in merged.rungs] == [
        [level.tolist() for level in one.levels] for one in whole.rungs
    ]


def test_the_loss_is_the_entropy_that_is_gone() -> None:
    """Four values of equal weight have two bits; pairs of them one, all together none."""
    rows: list[Row] = [(value * 4, 0, "ann") for value in (0, 1, 2, 3)]
    told = coarsening.combine(
        [hashed([row[0] for row in rows])],
        [coarsening.rungs([hashed([row[0] >> by for row in rows]) for by in (0, 3, 4)])],
        len(rows),
    )
    groups = risk.summarize(told_groups(rows), pa.chunked_array([pa.array(["ann"] * 4)]), SEED)
    assert Coarsening(groups, told).losses() == [[0.0, 0.5, 1.0]]


def told_groups(rows: list[Row]) -> risk.Hashes:
    return coarsening.mixed([hashed([row[0] for row in rows])], len(rows))


def test_a_column_of_one_value_has_nothing_to_lose() -> None:
    rows: list[Row] = [(1, 1, "ann"), (1, 1, "bob")]
    assert Coarsening(grouped(rows, (0, 0)), combined(rows)).losses() == [[0.0] * 4, [0.0] * 3]


@given(ROWS.filter(bool))
def test_losses_never_fall(rows: list[Row]) -> None:
    for losses in Coarsening(grouped(rows, (0, 0)), combined(rows)).losses():
        assert losses == sorted(losses)
        assert losses[0] == 0.0
        assert losses[-1] <= 1.0


def test_no_part_is_no_combination() -> None:
    assert len(coarsening.merge([])) == 0
    assert np.array_equal(coarsening.merge([combined([])]).group, np.empty(0, dtype=np.uint64))
    assert pytest.approx(0) == len(combined([]).group)
