"""Calendar fields to microseconds, for whole columns: the proleptic Gregorian calendar of ISO 8601.

Fields come as text out of the named groups of a pattern: Y y m b d j H I p M S f z s, as strptime calls them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.values.converted import by_distinct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Ints = npt.NDArray[np.int64]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SECOND = 10**6
_PIVOT = 69
"""POSIX strptime: two-digit years from 69 on are of the 20th century."""
MICRO_DIGITS = 6


@dataclass(frozen=True)
class Civil:
    """Times as the calendar and clock of their place show them; one entry per row."""

    local: Ints
    """Microseconds since 1970-01-01 00:00 on that clock."""
    offset: Ints
    """Microseconds that the clock is ahead of UTC, where `zoned`."""
    zoned: npt.NDArray[np.bool_]
    """True where the text itself gives the offset from UTC."""
    valid: npt.NDArray[np.bool_]
    """False where no such day or time of day exists."""

    def take(self, rows: Ints) -> Civil:
        """Return the times of these rows, in the order of `rows`."""
        return Civil(self.local[rows], self.offset[rows], self.zoned[rows], self.valid[rows])


def spread(parts: Sequence[tuple[npt.NDArray[np.bool_], Civil]], rows: int) -> Civil:
    """Put the times of some rows each, told by masks, in their places among all `rows`; others are not valid."""
    if len(parts) == 1 and parts[0][0].all():
        return parts[0][1]
    local, offset = np.zeros((2, rows), np.int64)
    zoned, valid = np.zeros((2, rows), bool)
    for mask, part in parts:
        local[mask], offset[mask], zoned[mask], valid[mask] = part.local, part.offset, part.zoned, part.valid
    return Civil(local, offset, zoned, valid)


def assemble(fields: Mapping[str, pa.Array], year: int | None) -> Civil:
    """Put fields together; `year` counts where no field gives one. A row that lacks its month or day is not valid."""
    if "s" in fields:
        return _since_epoch(fields)
    days, good_day = _days(fields, year)
    clock, good_clock = _clock(fields)
    offset, zoned, good_offset = _offset(fields.get("z"), len(days))
    return Civil(days * 86_400 * SECOND + clock, offset, zoned, good_day & good_clock & good_offset)


def micros(digits: pa.Array) -> Ints:
    """Microseconds of the digits that follow a decimal point; further digits are cut off; none is 0."""
    six = pc.utf8_slice_codeunits(pc.fill_null(digits, ""), 0, MICRO_DIGITS)
    return _ints(pc.utf8_rpad(six, MICRO_DIGITS, "0"), 0)


def _ints(text: pa.Array, missing: int) -> Ints:
    """Digits as integers; null and the empty text, which a group that took no part gives, are `missing`."""
    given = pc.if_else(pc.equal(pc.binary_length(text), 0), None, text)
    numbers: Ints = pc.fill_null(given.cast(pa.int64()), missing).to_numpy(zero_copy_only=False)
    return numbers


def _days(fields: Mapping[str, pa.Array], year: int | None) -> tuple[Ints, npt.NDArray[np.bool_]]:
    years = _years(fields, year)
    if "j" in fields:
        start = years.astype("M8[Y]").astype("M8[D]")
        length = ((years + 1).astype("M8[Y]").astype("M8[D]") - start).astype(np.int64)
        day = _ints(fields["j"], 0)
        return start.astype(np.int64) + day - 1, (day >= 1) & (day <= length)
    month = _ints(fields["m"], 0) if "m" in fields else _named_months(fields["b"])
    return on_calendar(years, month, _ints(fields["d"], 0))


def on_calendar(years: Ints, month: Ints, day: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return days since 1970-01-01, and whether there is such a day; `years` are counted from 1970."""
    good = (month >= 1) & (month <= 12)  # noqa: PLR2004  # months
    months = years * 12 + np.where(good, month, 1) - 1
    distinct, at = np.unique(months, return_inverse=True)
    begins, ends = ((distinct + later).astype("M8[M]").astype("M8[D]").astype(np.int64) for later in (0, 1))
    return begins[at] + day - 1, good & (day >= 1) & (day <= (ends - begins)[at])


def _years(fields: Mapping[str, pa.Array], year: int | None) -> Ints:
    """Years counted from 1970."""
    if "Y" in fields:
        return _ints(fields["Y"], 1970) - 1970
    if "y" in fields:
        short = _ints(fields["y"], 70)
        return short + np.where(short < _PIVOT, 30, -70)
    rows = len(next(iter(fields.values())))
    return np.full(rows, (year or 1970) - 1970, dtype=np.int64)


def _named_months(names: pa.Array) -> Ints:
    short = pc.utf8_slice_codeunits(pc.ascii_lower(names), 0, 3)
    found: Ints = pc.fill_null(pc.index_in(short, value_set=pa.array(MONTHS)), -1).to_numpy(zero_copy_only=False)
    return found.astype(np.int64) + 1


def _clock(fields: Mapping[str, pa.Array]) -> tuple[Ints, npt.NDArray[np.bool_]]:
    rows = len(next(iter(fields.values())))
    zero = np.zeros(rows, dtype=np.int64)
    minute, second = (_ints(fields[name], 0) if name in fields else zero for name in ("M", "S"))
    fraction = micros(fields["f"]) if "f" in fields else zero
    if "I" in fields:
        twelve = _ints(fields["I"], 0)
        late = pc.fill_null(pc.equal(pc.ascii_lower(fields["p"]), "pm"), False).to_numpy(zero_copy_only=False)  # noqa: FBT003
        hour, good = twelve % 12 + 12 * late, (twelve >= 1) & (twelve <= 12)  # noqa: PLR2004  # hours on the dial
    else:
        hour = _ints(fields["H"], 0) if "H" in fields else zero
        good = hour <= 23  # noqa: PLR2004  # hours
    good &= (minute <= 59) & (second <= 59)  # noqa: PLR2004  # a leap second is no time of UTC without its table
    return ((hour * 60 + minute) * 60 + second) * SECOND + fraction, good


def _offset(text: pa.Array | None, rows: int) -> tuple[Ints, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    if text is None:
        return np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=bool), np.ones(rows, dtype=bool)
    given = pc.if_else(pc.equal(pc.binary_length(text), 0), None, text)
    seconds = by_distinct(given, _seconds, pa.int64())
    zoned = pc.is_valid(given).to_numpy(zero_copy_only=False)
    good = pc.is_valid(seconds).to_numpy(zero_copy_only=False)
    return pc.fill_null(seconds, 0).to_numpy(zero_copy_only=False) * SECOND, zoned, good | ~zoned


def _seconds(offset: str) -> int | None:
    """Seconds of `Z`, `UTC`, `GMT`, `±hh`, `±hhmm`, `±hh:mm`, with `:ss` or `ss`; None for what no clock shows."""
    if offset.upper() in {"Z", "UTC", "GMT"}:
        return 0
    digits = offset[1:].replace(":", "").ljust(6, "0")
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if hours > 23 or minutes > 59 or seconds > 59:  # noqa: PLR2004  # a clock's own
        return None
    return (1 if offset[0] == "+" else -1) * (hours * 3600 + minutes * 60 + seconds)


def _since_epoch(fields: Mapping[str, pa.Array]) -> Civil:
    seconds = _ints(fields["s"], 0)
    local = seconds * SECOND + (micros(fields["f"]) if "f" in fields else 0)
    rows = len(local)
    return Civil(local, np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=bool), np.ones(rows, dtype=bool))
