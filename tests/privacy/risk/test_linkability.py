from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from custody.privacy import risk
from custody.privacy.risk import linkability
from custody.privacy.risk.groups import Groups, pairs
from custody.privacy.risk.traces import traces
from privacy.risk import planted
from privacy.risk.tables import ROWS, SEED, summary

if TYPE_CHECKING:
    from custody.privacy.risk.interval import Excess
    from privacy.risk import brute


def attacked(held: list[brute.Row], released: list[brute.Row], share: float = 1.0) -> Excess:
    known = linkability.auxiliary(pairs(summary(held)), share, SEED)
    return linkability.measure(known, traces(pairs(summary(released))), SEED)


def people(count: int, *, alike: int) -> list[brute.Row]:
    """Return people of whom `alike` at a time have the same three days of their own."""
    return [(f"day{who // alike}-{day}", f"p{who}", None) for who in range(count) for day in range(3)]


def test_people_unlike_all_others_are_all_found() -> None:
    found = attacked(people(200, alike=1), people(200, alike=1))
    assert (found.main.value, found.control.value, found.value) == (1.0, 0.0, 1.0)
    assert found.low > 0.9


def test_people_who_are_all_alike_are_found_by_chance_alone() -> None:
    rows = people(300, alike=300)
    found = attacked(rows, rows)
    assert found.main.value < 0.03
    assert found.low == 0.0
    assert found.high < 0.05


def test_one_in_four_is_found_among_four_alike() -> None:
    rows = people(1000, alike=4)
    found = attacked(rows, rows)
    assert found.main.low < 0.25 < found.main.high
    assert found.low < 0.25 < found.high


def test_who_holds_fewer_records_finds_fewer_people() -> None:
    rows: list[brute.Row] = [(f"{day}/{subnet}", user, None) for day, subnet, user in planted.rows()]
    few, many = (attacked(rows, rows, share) for share in (0.1, 0.9))
    assert few.main.high < many.main.low


def test_a_share_of_records_is_held() -> None:
    rows: list[brute.Row] = [(f"e{n}", f"p{n % 900}", None) for n in range(9000)]
    held = linkability.auxiliary(pairs(summary(rows)), 0.1, SEED)
    assert 700 < len(held.event) < 1100


def test_somebody_who_was_left_out_is_no_target() -> None:
    rows = people(20, alike=1)
    found = attacked(rows, rows[:30])
    assert found.main.trials == 10


def test_events_that_were_suppressed_do_not_mislead() -> None:
    rows = people(50, alike=1)
    assert attacked(rows, [row for row in rows if not str(row[0]).endswith("-0")]).main.value == 1.0


def test_nobody_is_attacked_where_nothing_is_known() -> None:
    found = attacked([], people(5, alike=1))
    assert (found.main.trials, found.high) == (0, 1.0)


def test_an_earlier_release_finds_who_did_not_change() -> None:
    before = people(100, alike=1)
    after = [*before, *[("new", f"p{who}", None) for who in range(100)]]
    found = linkability.measure(linkability.earlier(pairs(summary(before)), SEED), traces(pairs(summary(after))), SEED)
    assert (found.main.trials, found.main.value) == (100, 1.0)


@given(ROWS, st.lists(st.integers(0, 40), max_size=4))
def test_chunks_equal_the_whole(rows: list[brute.Row], cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(rows)]
    merged: Groups = risk.merge(summary(rows[low:high]) for low, high in pairwise(edges))
    known = linkability.auxiliary(pairs(merged), 0.5, SEED)
    told = traces(pairs(merged))
    if len(told.subject):
        assert linkability.measure(known, told, SEED) == attacked(rows, rows, 0.5)
