from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.risk import unicity
from custody.privacy.risk.groups import pairs
from custody.privacy.risk.traces import traces
from privacy.risk import brute
from privacy.risk.tables import ROWS, SEED, summary

if TYPE_CHECKING:
    import pytest

    from custody.privacy.risk.interval import Rate


def measured(rows: list[brute.Row], known: int) -> Rate | None:
    return unicity.measure(traces(pairs(summary(rows))), known, SEED)


@given(ROWS, st.sampled_from([1, 2, 4]))
def test_exact_shares_are_those_of_counting(rows: list[brute.Row], known: int) -> None:
    found, expected = measured(rows, known), brute.unicity(rows, known)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found.exact
        assert found.low - 1e-9 <= expected <= found.high + 1e-9


def test_drawn_shares_hold_the_exact_one_between_their_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[brute.Row] = [
        (f"day{(who * 31 + turn * turn * 7) % 40}", f"p{who}", None) for who in range(300) for turn in range(6)
    ]
    exact = measured(rows, 2)
    monkeypatch.setattr(unicity, "LIMIT", 10)
    drawn = measured(rows, 2)
    assert exact is not None
    assert drawn is not None
    assert (exact.exact, drawn.exact) == (True, False)
    assert drawn.trials >= unicity.DRAWS
    assert drawn.low <= exact.value <= drawn.high
    assert 0.001 < drawn.high - drawn.low < 0.05


def test_one_person_is_singled_out() -> None:
    found = measured([("x", "ann", None), ("y", "ann", None)], 4)
    assert found is not None
    assert (found.value, found.exact) == (1.0, True)


def test_two_people_alike_are_not() -> None:
    found = measured([(day, who, None) for day in ("x", "y") for who in ("ann", "bob")], 4)
    assert found is not None
    assert found.high == 0.0


def test_rows_without_subject_hide_nobody() -> None:
    rows: list[brute.Row] = [("x", "ann", None), ("x", None, None), ("x", None, None)]
    found = measured(rows, 1)
    assert found is not None
    assert found.value == 1.0
    assert measured(rows[1:], 1) is None
