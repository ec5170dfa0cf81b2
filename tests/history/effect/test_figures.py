"""Figures as people may see them: what is hidden cannot be worked out from what stands beside it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from custody.history.effect import figures

COUNT = st.integers(0, 40)


@given(st.fixed_dictionaries({name: st.tuples(COUNT, COUNT) for name in sorted(figures.COUNTS)}), st.integers(2, 8))
def test_a_small_count_or_move_is_told_in_no_figure(pairs: dict[str, tuple[int, int]], k: int) -> None:
    for name, (old, new) in figures.told(pairs, k, vague=False).items():
        assert not any(isinstance(one, int) and 0 < one < k for one in (old, new))
        assert not (isinstance(old, int) and isinstance(new, int) and 0 < abs(pairs[name][0] - pairs[name][1]) < k)


def test_what_adds_up_hides_a_second_one() -> None:
    pairs = {"candidate": (100, 60), "suppressed": (10, 20), "withheld": (10, 12), "accepted": (120, 92)}
    told = figures.told(pairs, 5, vague=False)
    assert told == {
        "candidate": [100, 60],
        "suppressed": [10, "≥5 more"],
        "withheld": [10, "<5 more"],
        "accepted": [120, 92],
    }
    assert figures.told(pairs, 5, vague=True)["candidate"] == [100, "≥5 fewer"]
    assert figures.told({"score": (0.5, 0.501), "subjects": (9, 90)}, 5, vague=False, more=["subjects"]) == {
        "score": [0.5, 0.501],
        "subjects": [9, "≥5 more"],
    }


def test_no_sum_tells_a_figure_that_is_hidden() -> None:
    assert figures.few({"candidate": 12, "rows": 12, "suppressed": 2, "withheld": 100, "accepted": 114}, 5) == {
        "candidate",
        "rows",
        "suppressed",
    }
    assert {"candidate", "suppressed"} & figures.few(
        {"accepted": 3, "quarantined": -3, "candidate": 103, "suppressed": -100}, 5
    )
