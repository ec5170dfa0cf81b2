"""round_time: times rounded down in UTC.

Minutes, hours and days count from 1970-01-01T00:00Z, 7d, 28d and 364d from a Monday (whole ISO 8601 weeks), months and
years from their first day; times before 1970 are rounded down too, never towards 1970.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from custody.policy.schema import FieldType
    from custody.policy.techniques import Period, RoundTime
    from custody.records.zone import Zone

MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
STEPS = {
    "1min": MINUTE,
    "5min": 5 * MINUTE,
    "15min": 15 * MINUTE,
    "1h": 60 * MINUTE,
    "6h": 360 * MINUTE,
    "1d": DAY,
    "7d": 7 * DAY,
    "28d": 28 * DAY,
    "364d": 364 * DAY,
}
"""Microseconds."""
WEEKS = frozenset({"7d", "28d", "364d"})
MONDAY = -3 * DAY
"""The Monday before 1970-01-01, a Thursday."""


def apply(values: pa.Array, column: RoundTime, kind: FieldType, zone: Zone) -> pa.Array:  # noqa: ARG001  # keyless
    """Return the start of each time's period (timestamp[us, UTC]; null stays null)."""
    return rounded(values, column.to)


def rounded(values: pa.Array, to: Period) -> pa.Array:
    """Return the start of the period that holds each time."""
    missing = values.is_null().to_numpy(zero_copy_only=False)
    micros = values.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    if to in STEPS:
        step, origin = STEPS[to], MONDAY if to in WEEKS else 0
        floored = (micros - origin) // step * step + origin
    else:
        calendar = micros.view("datetime64[us]").astype(f"datetime64[{to[-1]}]")
        floored = calendar.astype("datetime64[us]").view(np.int64)
    return pa.array(floored, mask=missing).cast(pa.timestamp("us", tz="UTC"))
