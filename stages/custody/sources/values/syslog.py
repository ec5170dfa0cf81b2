"""RFC 3164's times as they usually stand, `Mar  7 13:06:56`: by the place of their bytes, without a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from custody.sources.values.civil import MONTHS, SECOND, Civil, Ints, on_calendar
from custody.sources.values.signs import NINE, Signs, digits, pair, placed, widths

if TYPE_CHECKING:
    import pyarrow as pa

WIDTH = 15
BLANK, COLON, LOWER = 32, 58, 32
_SIGNS = {3: BLANK, 6: BLANK, 9: COLON, 12: COLON}
_DIGITS = [5, 7, 8, 10, 11, 13, 14]


def usual(text: pa.Array, year: int) -> tuple[npt.NDArray[np.bool_], Civil]:
    """Return which rows are such times of day on a date that may not exist, and what those rows say."""
    rows = widths(text) == WIDTH
    signs = placed(text, rows, WIDTH)
    month = _months(signs)
    numbers = digits(signs)
    numbers[4, signs[4] == BLANK] = 0
    good = (month > 0) & (numbers[[4, *_DIGITS]] <= NINE).all(axis=0)
    for place, sign in _SIGNS.items():
        good &= signs[place] == sign
    if not good.all():
        rows[rows] = good
        numbers, month = numbers[:, good], month[good]
    return rows, _civil(numbers, month, year)


def _civil(numbers: Signs, month: Ints, year: int) -> Civil:
    hour, minute, second = (pair(numbers, place) for place in (7, 10, 13))
    count = len(month)
    days, good = on_calendar(np.full(count, year - 1970), month, pair(numbers, 4))
    good &= (hour <= 23) & (minute <= 59) & (second <= 59)  # noqa: PLR2004  # a clock's own
    local = ((days * 24 + hour) * 60 + minute) * 60 + second
    return Civil(local * SECOND, np.zeros(count, np.int64), np.zeros(count, bool), good)


def _months(signs: Signs) -> Ints:
    """Return the months, from 1, that the first three letters name in any case; 0 for none."""
    low = signs[:3] | np.uint8(LOWER)
    month = np.zeros(signs.shape[1], np.int64)
    for number, name in enumerate(MONTHS, 1):
        letters = (low[place] == ord(letter) for place, letter in enumerate(name))
        month[np.logical_and.reduce(list(letters))] = number
    return month
