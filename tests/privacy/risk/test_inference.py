from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from custody.privacy import risk
from custody.privacy.risk import inference
from privacy.risk.tables import ROWS, SEED, summary

if TYPE_CHECKING:
    from privacy.risk import brute


def test_a_release_of_singletons_tells_everything() -> None:
    rows: list[brute.Row] = [(f"g{who}", f"p{who}", f"v{who % 7}") for who in range(400)]
    found = inference.measure(summary(rows), 0, SEED)
    assert found.main.value == 1.0
    assert found.control.value < 0.25
    assert found.low > 0.8


def test_what_is_true_of_all_is_no_fault_of_the_release() -> None:
    rows: list[brute.Row] = [(f"g{who % 4}", f"p{who}", f"v{who % 4}") for who in range(400)]
    found = inference.measure(summary(rows), 0, SEED)
    assert (found.main.value, found.control.value, found.value) == (1.0, 1.0, 0.0)


def test_large_groups_tell_little_about_their_own() -> None:
    rows: list[brute.Row] = [(f"g{who % 3}", f"p{who}", f"v{who * 7919 % 11 % 2}") for who in range(3000)]
    found = inference.measure(summary(rows), 0, SEED)
    assert found.high < 0.1


def test_a_guess_goes_by_people_and_not_by_rows() -> None:
    """One person's thousand rows do not make their value the likely one."""
    rows: list[brute.Row] = [*[("x", "ann", "rare")] * 1000, *(("x", f"p{who}", "usual") for who in range(99))]
    found = inference.measure(summary(rows), 0, SEED)
    assert found.main.value == 0.99


def test_nobody_is_guessed_about_where_nobody_is() -> None:
    assert inference.measure(summary([("x", None, "flu")]), 0, SEED).main.trials == 0
    assert inference.measure(summary([]), 0, SEED).high == 1.0


@given(ROWS, st.lists(st.integers(0, 40), max_size=4))
def test_chunks_equal_the_whole(rows: list[brute.Row], cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(rows)]
    merged = risk.merge(summary(rows[low:high]) for low, high in pairwise(edges))
    assert inference.measure(merged, 0, SEED) == inference.measure(summary(rows), 0, SEED)
