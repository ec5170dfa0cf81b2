"""ISO 8601 as programs write it, by the place of its bytes: date, time to the second, often a fraction and a zone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from custody.sources.values.civil import MICRO_DIGITS, SECOND, Civil, Ints, on_calendar
from custody.sources.values.signs import NINE, Signs, digits, pair, placed, widths

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

CLOCK = 19
"""Bytes of date and time."""
LONGEST = 35
SHARE = 16
"""Only widths that one of so many texts has are looked for."""
SAMPLE = 32
"""So many texts of a width are asked how they end."""
_REST = re.compile(rb"(?P<f>[.,][0-9]{1,9})?(?P<z>[Zz]|[+-][0-9]{2}:?[0-9]{2})?")
_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_SIGNS = {4: b"-", 7: b"-", 10: b"Tt ", 13: b":", 16: b":"}


def usual(text: pa.Array) -> Iterator[tuple[npt.NDArray[np.bool_], Civil]]:
    """Yield masks of rows that are such times, which need not exist, and what those rows say; no row is in two."""
    taken = widths(text)
    counts = np.bincount(np.clip(taken, 0, LONGEST + 1), minlength=LONGEST + 1)
    for width in range(CLOCK, LONGEST + 1):
        if counts[width] * SHARE >= max(len(text), 1):
            rows = taken == width
            fits, civil = _of_one_width(placed(text, rows, width))
            rows[rows] = fits
            yield rows, civil


def _of_one_width(signs: Signs) -> tuple[npt.NDArray[np.bool_], Civil]:
    """Return which texts end as the first one that ends in such a way, and what those say."""
    ends = (_REST.fullmatch(one.tobytes()) for one in signs[CLOCK:, :SAMPLE].T)
    found = next((one for one in ends if one), None)
    if found is None:
        none = np.empty(0, np.int64)
        return np.zeros(signs.shape[1], bool), Civil(none, none, none.astype(bool), none.astype(bool))
    zone = CLOCK + found.start("z") if found["z"] else len(signs)
    clocked = len(found["z"] or b"") > 1
    numbers = digits(signs)
    fits = _fitting(signs, numbers, zone, found["z"] or b"")
    if not fits.all():
        signs, numbers = signs[:, fits], numbers[:, fits]
    local, valid = _clock(numbers)
    local += _micros(numbers[CLOCK + 1 : zone])
    offset = np.zeros_like(local)
    if clocked:
        offset, good = _offset(signs, numbers, zone)
        valid &= good
    return fits, Civil(local, offset, np.full(len(local), bool(found["z"])), valid)


def _fitting(signs: Signs, numbers: Signs, zone: int, written: bytes) -> npt.NDArray[np.bool_]:
    """Return which texts have digits and signs where they belong; what is `written` from `zone` on is the zone."""
    places = [*_DIGITS, *range(CLOCK + 1, zone)]
    wanted = {**_SIGNS, CLOCK: b".,"} if zone > CLOCK else dict(_SIGNS)
    if len(written) == 1:
        wanted[zone] = b"Zz"
    elif written:
        wanted[zone] = b"+-"
        places += [zone + 1, zone + 2, len(signs) - 2, len(signs) - 1]
        wanted |= {zone + 3: b":"} if b":" in written else {}
    fits: npt.NDArray[np.bool_] = np.logical_and.reduce(numbers[places] <= NINE)
    for place, any_of in wanted.items():
        fits &= np.logical_or.reduce([signs[place] == sign for sign in any_of])
    return fits


def _clock(numbers: Signs) -> tuple[Ints, npt.NDArray[np.bool_]]:
    hour, minute, second = (pair(numbers, place) for place in (11, 14, 17))
    years = pair(numbers, 0) * 100 + pair(numbers, 2) - 1970
    days, good = on_calendar(years, pair(numbers, 5), pair(numbers, 8))
    good &= (hour <= 23) & (minute <= 59) & (second <= 59)  # noqa: PLR2004  # a clock's own
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * SECOND, good


def _micros(fraction: Signs) -> Ints:
    """Return the microseconds of the digits that follow a decimal point; further digits are cut off."""
    total = np.zeros(fraction.shape[1], np.int64)
    for place in range(MICRO_DIGITS):
        total = total * 10 + (fraction[place] if place < len(fraction) else 0)
    return total


def _offset(signs: Signs, numbers: Signs, at: int) -> tuple[Ints, npt.NDArray[np.bool_]]:
    hour, minute = pair(numbers, at + 1), pair(numbers, len(signs) - 2)
    good = (hour <= 23) & (minute <= 59)  # noqa: PLR2004  # a clock's own
    return np.where(signs[at] == ord("+"), 60, -60) * SECOND * (hour * 60 + minute), good
