"""Times of the synthetic data: two weeks without a change of clocks, written as each source writes them."""

from __future__ import annotations

import datetime as dt

START = dt.datetime(2026, 10, 5, tzinfo=dt.UTC)
FIRST_DAY = "2026-10-05"
DAYS = 14
LOCAL = 2 * 3_600_000
"""Europe/Berlin is two hours ahead of UTC in these weeks."""

_DAY = 86_400_000
_ISO = [(START + dt.timedelta(days=day)).strftime("%Y-%m-%d") for day in range(DAYS + 1)]
_SYSLOG = [f"Oct {(START + dt.timedelta(days=day)).day:2d}" for day in range(DAYS + 1)]


def moment(i: int, count: int, bits: int) -> int:
    """Return the milliseconds after `START` at which record `i` of `count` happens; later records are later."""
    share = DAYS * _DAY // count
    return DAYS * _DAY * i // count + (bits % share if share else 0)


def iso(millis: int, between: str = "T") -> str:
    """ISO 8601 without an offset, to the millisecond."""
    day, rest = divmod(millis, _DAY)
    seconds, part = divmod(rest, 1000)
    return f"{_ISO[day]}{between}{_of_day(seconds)}.{part:03d}"


def syslog(millis: int) -> str:
    """Month, day and time, without a year (RFC 3164)."""
    day, rest = divmod(millis, _DAY)
    return f"{_SYSLOG[day]} {_of_day(rest // 1000)}"


def _of_day(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}"
