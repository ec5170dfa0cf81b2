from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.techniques import RoundTime
from custody.privacy.techniques import round_time
from support import ZONE

CASES = [
    # to, time, start of its period
    ("1min", "2026-03-29T01:59:59.999999", "2026-03-29T01:59:00"),
    ("5min", "2026-03-29T01:59:59", "2026-03-29T01:55:00"),
    ("15min", "2026-03-29T01:59:59", "2026-03-29T01:45:00"),
    ("1h", "2026-03-29T01:59:59", "2026-03-29T01:00:00"),
    ("6h", "2026-03-29T17:59:59", "2026-03-29T12:00:00"),
    ("1d", "2026-03-29T23:59:59", "2026-03-29T00:00:00"),
    ("7d", "2026-11-01T12:00:00", "2026-10-26T00:00:00"),  # Sunday to Monday
    ("7d", "2026-10-26T00:00:00", "2026-10-26T00:00:00"),  # Monday stays
    ("1M", "2024-02-29T12:00:00", "2024-02-01T00:00:00"),
    ("1Y", "2024-12-31T23:59:59", "2024-01-01T00:00:00"),
    ("1min", "1969-12-31T23:59:59.999999", "1969-12-31T23:59:00"),  # before 1970: down, not towards 1970
    ("1h", "1969-12-31T23:30:00", "1969-12-31T23:00:00"),
    ("7d", "1969-12-28T12:00:00", "1969-12-22T00:00:00"),
    ("1M", "1969-12-31T23:59:59", "1969-12-01T00:00:00"),
    ("1Y", "1901-07-01T00:00:00", "1901-01-01T00:00:00"),
]


def rounded(times: list[dt.datetime | None], to: Any) -> list[dt.datetime | None]:
    column = RoundTime(role="quasi", technique="round_time", to=to)
    result = round_time.apply(pa.array(times, pa.timestamp("us", tz="UTC")), column, "timestamp", ZONE)
    assert result.type == pa.timestamp("us", tz="UTC")
    listed: list[dt.datetime | None] = result.cast(pa.timestamp("us")).to_pylist()
    return listed


@pytest.mark.parametrize(("to", "time", "start"), CASES)
def test_a_time_becomes_the_start_of_its_period(to: str, time: str, start: str) -> None:
    assert rounded([dt.datetime.fromisoformat(time).replace(tzinfo=dt.UTC), None], to) == [
        dt.datetime.fromisoformat(start),
        None,
    ]


@given(st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2250, 1, 1)), st.sampled_from([*round_time.STEPS, "1M", "1Y"]))  # noqa: DTZ001  # UTC
def test_rounding_goes_down_and_rounding_twice_changes_nothing(time: dt.datetime, to: str) -> None:
    (once,) = rounded([time.replace(tzinfo=dt.UTC)], to)
    assert once is not None
    assert once <= time
    assert rounded([once.replace(tzinfo=dt.UTC)], to) == [once]
