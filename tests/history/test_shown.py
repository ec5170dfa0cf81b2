"""Small counts stay hidden, and what is shown beside them does not tell them."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from custody.history.shown import are_open, moved, moves, parts, shown, told_parts

COUNTS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 20))
K = st.integers(2, 8)


@given(COUNTS, K)
def test_no_count_below_k_is_shown(counts: dict[str, int], k: int) -> None:
    told = parts(counts, k)
    assert not [one for one in told.values() if isinstance(one, int) and 0 < one < k]
    assert all(shown(count, k) == f"<{k}" for count in counts.values() if 0 < count < k)


@given(COUNTS, K)
def test_whoever_knows_the_whole_too_works_out_no_hidden_part(counts: dict[str, int], k: int) -> None:
    told, total = told_parts(counts, k), sum(counts.values())
    hidden = [name for name, one in told.items() if one == f"<{k}"]
    others = sum(one == f"≥{k}" for one in told.values())
    assert are_open(counts, k) == (None not in told.values())
    if None in told.values():
        assert set(told.values()) == {None}
        assert any(0 < count < k for count in counts.values())
        return
    rest = total - sum(one for one in told.values() if isinstance(one, int))
    ways = [low for low in product(range(1, k), repeat=len(hidden)) if rest - sum(low) >= k * others]
    for i in range(len(hidden)):
        assert len({low[i] for low in ways}) > 1


def test_none_is_no_secret() -> None:
    assert parts({"a": 0, "b": 7}, 5) == {"a": 0, "b": 7}
    assert parts({"a": 2, "b": 7, "c": 9}, 5) == {"a": "<5", "b": "≥5", "c": 9}
    assert parts({"a": 1, "b": 5, "c": 9}, 5) == {"a": "<5", "b": "≥5", "c": "≥5"}, "with c told, a would be 1"
    assert told_parts({"a": 1, "b": 5}, 5) == {"a": None, "b": None}


@given(COUNTS, COUNTS, st.integers(2, 8))
def test_neither_a_small_count_nor_a_small_move_is_told(old: dict[str, int], new: dict[str, int], k: int) -> None:
    for name, (before, after) in moves(old, new, k).items():
        assert not any(isinstance(one, int) and 0 < one < k for one in (before, after))
        by = abs(new.get(name, 0) - old.get(name, 0))
        assert not (isinstance(before, int) and isinstance(after, int) and 0 < by < k)


def test_what_a_small_move_could_be_worked_out_from_tells_only_its_way() -> None:
    told = moves({"a": 10, "b": 30, "c": 50}, {"a": 12, "b": 20, "c": 70}, 5)
    assert told == {"a": (10, "<5 more"), "b": (30, "≥5 fewer"), "c": (50, 70)}
    assert moved(20, 26, 5) == (20, 26)
    assert moved(3, 3, 5) == ("<5", "<5")
