from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.techniques import ShiftTime
from custody.privacy.techniques import shift_time
from custody.privacy.techniques.given import Given
from custody.records.zone import Zone
from support import ZONE

HELD = pa.timestamp("us", "UTC")
DAY = dt.timedelta(days=1)
TIMES = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1))  # noqa: DTZ001  # UTC
PEOPLE = st.sampled_from(["ann", "bob", "eve", None])


def moves(
    times: Sequence[dt.datetime | None], subjects: Sequence[str | None], zone: Zone = ZONE, **how: Any
) -> list[dt.timedelta | None]:
    """Return how far each time is moved; None where none is left."""
    column = ShiftTime(**{"role": "quasi", "technique": "shift_time", "domain": "d", "within": 30, **how})
    people = pa.array(subjects, pa.string())
    whole = shift_time.apply(pa.array(times, HELD), column, "timestamp", zone, Given(subjects=people))
    encoded = Given(subjects=people.dictionary_encode())
    assert shift_time.apply(pa.array(times, HELD), column, "timestamp", zone, encoded) == whole
    assert whole.type == HELD
    written = whole.cast(pa.timestamp("us")).to_pylist()
    return [
        None if before is None or after is None else after - before
        for before, after in zip(times, written, strict=True)
    ]


MANY = [f"person{i}" for i in range(2000)]
START = dt.datetime(2026, 10, 5, 13, 37)  # noqa: DTZ001  # UTC


def test_every_person_is_moved_by_whole_days_within_the_bound_and_nobody_by_none() -> None:
    found = [move for move in moves([START] * len(MANY), MANY, within=3) if move is not None]
    assert {*found} == {-3 * DAY, -2 * DAY, -DAY, DAY, 2 * DAY, 3 * DAY}
    counts = [found.count(move) for move in {*found}]
    assert min(counts) > 2000 / 6 - 120  # six sigma are 110


def test_seconds_move_the_time_of_day() -> None:
    found = {move for move in moves([START] * len(MANY), MANY, unit="second", within=86_400) if move is not None}
    assert len(found) > 1900
    assert max(map(abs, found)) <= DAY
    assert all(move.microseconds == 0 for move in found)


def test_domains_and_keys_move_differently() -> None:
    usual = moves([START] * 100, MANY[:100])
    assert usual == moves([START] * 100, MANY[:100])
    assert usual != moves([START] * 100, MANY[:100], domain="other")
    assert usual != moves([START] * 100, MANY[:100], zone=Zone("test", bytes(32)))


def test_a_time_without_a_person_is_left_empty() -> None:
    assert moves([START, None], [None, "ann"]) == [None, None]


def test_times_at_the_ends_of_what_can_be_held_are_left_empty_or_moved_right() -> None:
    ends = pa.array([-(2**63), 2**63 - 1, 2**62, 2**62 - 1], pa.int64()).cast(HELD)
    column = ShiftTime(role="quasi", technique="shift_time", domain="d", within=30)
    done = shift_time.apply(ends, column, "timestamp", ZONE, Given(subjects=pa.array(["ann"] * 4)))
    assert done.is_null().to_pylist() == [True, True, True, False]


def test_it_can_be_rounded_afterwards() -> None:
    column = ShiftTime(role="quasi", technique="shift_time", domain="d", within=30, to="1d")
    times = pa.array([START.replace(tzinfo=dt.UTC)], HELD)
    (time,) = shift_time.apply(times, column, "timestamp", ZONE, Given(subjects=pa.array(["ann"]))).to_pylist()
    assert (time.hour, time.minute) == (0, 0)


def test_without_subjects_it_stops() -> None:
    column = ShiftTime(role="quasi", technique="shift_time", domain="d", within=30)
    with pytest.raises(CustodyError, match="subjects"):
        shift_time.apply(pa.array([None], HELD), column, "timestamp", ZONE, Given())


@given(st.lists(st.tuples(st.none() | TIMES, PEOPLE), max_size=12), st.integers(0, 12))
def test_a_persons_order_and_distances_stay_whatever_the_partition(
    rows: list[tuple[dt.datetime | None, str | None]], cut: int
) -> None:
    times, people = [row[0] for row in rows], [row[1] for row in rows]
    found = moves(times, people)
    assert found == moves(times[:cut], people[:cut]) + moves(times[cut:], people[cut:])
    assert found[::-1] == moves(times[::-1], people[::-1])
    for person in {*people}:
        own = {move for move, one, time in zip(found, people, times, strict=True) if one == person and time}
        assert len(own) <= 1
        assert (own == {None}) if person is None and own else None not in own
