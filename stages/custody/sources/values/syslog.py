"""RFC 3164's times as they usually stand, `Mar  7 13:06:56`: by the place of their bytes, without a pattern."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.values.civil import MONTHS, SECOND, Civil, on_calendar

WIDTH = 15
BLANK, COLON, ZERO, LOWER = 32, 58, 48, 32
_CODES = np.array([int.from_bytes(name.encode(), "big") for name in MONTHS], np.int64)
_ORDER = np.argsort(_CODES)
_SIGNS = {3: BLANK, 6: BLANK, 9: COLON, 12: COLON}
_DIGITS = (5, 7, 8, 10, 11, 13, 14)


def usual(text: pa.Array, year: int) -> tuple[npt.NDArray[np.bool_], Civil]:
    """Return which rows are such times of day on a date that may not exist, and what those rows say."""
    rows = pc.fill_null(pc.binary_length(text), 0).to_numpy(zero_copy_only=False) == WIDTH
    signs = _signs(text, np.flatnonzero(rows))
    digits = signs - ZERO  # what is no digit wraps round to more than 9
    month = _months(signs)
    good = (month > 0) & ((digits[:, 4] <= 9) | (signs[:, 4] == BLANK))  # noqa: PLR2004  # digits
    for place in _DIGITS:
        good &= digits[:, place] <= 9  # noqa: PLR2004  # digits
    for place, sign in _SIGNS.items():
        good &= signs[:, place] == sign
    rows[rows] = good
    tens = np.where(signs[:, 4] == BLANK, 0, digits[:, 4])[good].astype(np.int64)
    return rows, _civil(tens, digits[good].astype(np.int64), month[good], year)


def _civil(
    tens: npt.NDArray[np.int64], digits: npt.NDArray[np.int64], month: npt.NDArray[np.int64], year: int
) -> Civil:
    hour, minute, second = (digits[:, place] * 10 + digits[:, place + 1] for place in (7, 10, 13))
    count = len(month)
    days, good = on_calendar(np.full(count, year - 1970), month, tens * 10 + digits[:, 5])
    good &= (hour <= 23) & (minute <= 59) & (second <= 59)  # noqa: PLR2004  # a clock's own
    local = ((days * 24 + hour) * 60 + minute) * 60 + second
    return Civil(local * SECOND, np.zeros(count, np.int64), np.zeros(count, bool), good)


def _signs(text: pa.Array, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Return the bytes of the chosen rows, each of `WIDTH`."""
    _, offsets, data = text.buffers()
    if not len(rows) or data is None:
        return np.empty((0, WIDTH), np.uint8)
    begin = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text)][rows]
    signs: npt.NDArray[np.uint8] = np.frombuffer(data, np.uint8)[begin[:, None] + np.arange(WIDTH, dtype=np.int32)]
    return signs


def _months(signs: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Return the months, from 1, that the first three letters name in any case; 0 for none."""
    low = (signs[:, :3] | LOWER).astype(np.int64)
    code = (low[:, 0] << 16) | (low[:, 1] << 8) | low[:, 2]
    at = np.minimum(np.searchsorted(_CODES, code, sorter=_ORDER), len(MONTHS) - 1)
    month: npt.NDArray[np.int64] = np.where(_CODES[_ORDER[at]] == code, _ORDER[at] + 1, 0)
    return month
