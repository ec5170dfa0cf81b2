"""Numbers, integers and booleans from text or from Parquet's own types; what is none is named, never passed.

Arrow's casts take `0x1F` and `nan(7)` and refuse a whole column for one bad row, so they run only where they decide for
each row alone.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.values.converted import Converted, among, by_distinct, explained, judged, matches, once_each

_NUMBER = r"\A[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\z"
_NOT_FINITE = r"(?i)\A[+-]?(?:nan|inf|infinity|1\.#(?:inf|qnan|ind))\z"
_WHOLE = r"\A[+-]?[0-9]{1,18}\z"
_DIGITS = 19
_LONGEST = 1_000
_BIGGEST = 2**63
_TRUE = frozenset({"true", "t", "yes", "y", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "0"})


def counts(kind: pa.DataType) -> bool:
    """Tell whether a type of Parquet's is one of numbers; all others are converted by their text."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def number(values: pa.Array) -> Converted:
    """Convert to float64: decimal and scientific notation with a point; -0 is 0; NaN and infinities are not_finite."""
    if counts(values.type):
        return _finite(values.cast(pa.float64(), safe=False))
    return once_each(values, _number)


def integer(values: pa.Array) -> Converted:
    """Convert to int64: whole numbers in any notation (`5.0`, `5e2`); what is none in 64 bits is not_an_integer."""
    if pa.types.is_floating(values.type):
        return _whole_floats(values)
    if counts(values.type):
        return _checked_integers(values)
    return once_each(values, _integer)


def boolean(values: pa.Array) -> Converted:
    """Convert to bool: true/false, t/f, yes/no, y/n, 1/0 in any case."""
    if pa.types.is_boolean(values.type):
        return Converted(values)
    return once_each(values.cast(pa.string()), _boolean)


def _number(text: pa.Array) -> Converted:
    quick = _all_finite(text)
    if quick is not None:
        return Converted(quick)
    good = matches(text, _NUMBER)
    read = _finite(among(good, text).cast(pa.float64()))
    wrong = pc.and_(pc.is_valid(text), pc.invert(good))
    return _merged(read, _neither(text, wrong, "not_a_number"))


def _integer(text: pa.Array) -> Converted:
    plain = matches(text, _WHOLE)
    direct = pc.utf8_ltrim(among(plain, text), characters="+").cast(pa.int64())
    rest = pc.and_(pc.is_valid(text), pc.invert(plain))
    if not pc.any(rest).as_py():
        return Converted(direct)
    exact = pc.coalesce(direct, by_distinct(among(rest, text), _exact, pa.int64()))
    return _merged(Converted(exact), _neither(text, pc.and_(rest, pc.is_null(exact)), "not_an_integer"))


def _boolean(text: pa.Array) -> Converted:
    low = pc.ascii_lower(text)
    words, meant = _booleans()
    return judged(pc.is_valid(low), meant.take(pc.index_in(low, value_set=words)), "not_a_boolean")


@cache
def _booleans() -> tuple[pa.Array, pa.Array]:
    words = sorted(_TRUE | _FALSE)
    return pa.array(words), pa.array([word in _TRUE for word in words])


def _all_finite(text: pa.Array) -> pa.Array | None:
    """Return the numbers, or None where a row needs a closer look."""
    try:
        numbers = text.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    return pc.add(numbers, 0.0) if pc.all(pc.is_finite(numbers)).as_py() is not False else None


def _finite(numbers: pa.Array) -> Converted:
    wrong = pc.fill_null(pc.invert(pc.is_finite(numbers)), False)  # noqa: FBT003  # Arrow's own signature
    return explained(pc.add(numbers, 0.0), wrong, "not_finite")


def _neither(text: pa.Array, wrong: pa.Array, code: str) -> pa.Array:
    """Reason codes of texts that are no number: NaN and infinities apart from the rest."""
    unbounded = pc.and_(wrong, matches(text, _NOT_FINITE))
    return pc.if_else(unbounded, "not_finite", pc.if_else(wrong, code, pa.scalar(None, pa.string())))


def _merged(read: Converted, why: pa.Array) -> Converted:
    both = why if read.why is None else pc.coalesce(read.why, why)
    return Converted(read.values, None if both.null_count == len(both) else both)


def _exact(text: str) -> int | None:
    if len(text) > _LONGEST or not text.isascii() or "_" in text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    # the exponent first: an int of 1e999999999 would fill the memory
    if not value.is_finite() or value.adjusted() >= _DIGITS:
        return None
    whole = int(value)
    return whole if whole == value and -_BIGGEST <= whole < _BIGGEST else None


def _whole_floats(values: pa.Array) -> Converted:
    read = _finite(values.cast(pa.float64()))
    numbers = pc.fill_null(read.values, 0.0).to_numpy(zero_copy_only=False)
    fits = (np.trunc(numbers) == numbers) & (numbers >= -_BIGGEST) & (numbers < _BIGGEST)
    whole = pa.array(np.where(fits, numbers, 0).astype(np.int64), mask=~fits | pc.is_null(read.values).to_numpy(False))  # noqa: FBT003
    wrong = pc.and_(pc.is_valid(read.values), pc.is_null(whole))
    why = pc.if_else(wrong, "not_an_integer", pa.scalar(None, pa.string()))
    return _merged(Converted(whole, read.why), why)


def _checked_integers(values: pa.Array) -> Converted:
    if not pa.types.is_uint64(values.type):
        return Converted(values.cast(pa.int64()))
    wrong = pc.fill_null(pc.greater(values, pa.scalar(_BIGGEST - 1, pa.uint64())), False)  # noqa: FBT003  # Arrow's own signature
    return explained(among(pc.invert(wrong), values).cast(pa.int64()), wrong, "not_an_integer")
