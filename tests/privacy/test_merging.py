from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy.merging import Merging


@settings(deadline=None)
@given(st.lists(st.frozensets(st.integers(0, 30), max_size=5), max_size=30), st.integers(1, 20))
def test_parts_add_up_and_waiting_ones_stay_few(parts: list[frozenset[int]], least: int) -> None:
    merging: Merging[frozenset[int]] = Merging(lambda some: frozenset().union(*some), len, least)
    assert merging.empty
    heaviest = 0
    for part in parts:
        merging.add(part)
        heaviest = max(heaviest, sum(len(one) for one in merging._waiting))
    assert merging.total() == frozenset().union(*parts)
    assert merging.empty is False
    assert heaviest <= max(least, 2 * len(merging.total())) + 5


def test_nothing_added_is_the_empty_one() -> None:
    merging: Merging[int] = Merging(sum, int)
    assert merging.total() == 0
