"""Times counted from 1970-01-01 00:00 UTC, exact to the microsecond: no float comes between the text and the count."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.values import zones
from custody.sources.values.civil import SECOND, Ints, micros
from custody.sources.values.converted import Converted, among, by_distinct

STAMP = pa.timestamp("us", "UTC")
NOT_A_TIME, OUT_OF_RANGE = "not_a_time", "time_out_of_range"
UNITS = {"epoch_s": SECOND, "epoch_ms": 1_000, "epoch_us": 1}
"""Microseconds per unit of each form."""
_PLAIN = r"\A(?P<w>[0-9]{1,18})(?:\.(?P<f>[0-9]*))?\z"
_LONGEST = 1_000
_FAR = 30
"""A count of more digits is beyond every year that is held."""
_BEYOND = 2**63 - 1


def instants(values: pa.Array, scale: int) -> Converted:
    """Convert counts of `scale` microseconds: clean text, or Parquet's own integers and floats."""
    if pa.types.is_floating(values.type):
        return _floats(values, scale)
    if pa.types.is_integer(values.type):
        return _integers(values, scale)
    return _text(values.cast(pa.string()), scale)


def told(utc: Ints, wrong: dict[str, npt.NDArray[np.bool_]]) -> Converted:
    """Times in UTC, null where one of the masks holds; of several reasons the first counts."""
    bad = np.logical_or.reduce(list(wrong.values()))
    values = pa.array(np.where(bad, 0, utc), mask=bad).cast(STAMP)
    if not bad.any():
        return Converted(values)
    why = np.select(list(wrong.values()), [np.int8(i) for i in range(len(wrong))], np.int8(0))
    return Converted(values, pa.array(list(wrong)).take(pa.array(why, mask=~bad)))


def _text(text: pa.Array, scale: int) -> Converted:
    """Read plain counts as columns; signs and exponents are rare and go one by one."""
    parts = pc.extract_regex(text, _PLAIN)
    whole = pc.fill_null(pc.struct_field(parts, "w").cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    inside = whole <= zones.LAST // scale
    utc = np.where(inside, whole, _BEYOND // scale) * scale + micros(pc.struct_field(parts, "f")) * scale // SECOND
    counts = among(pc.is_valid(parts), pa.array(utc))
    rest = among(pc.is_null(parts), text)
    if rest.null_count < len(rest):
        counts = pc.coalesce(counts, by_distinct(rest, lambda one: _exact(one, scale), pa.int64()))
    return _counted(counts, pc.is_valid(text))


def _exact(text: str, scale: int) -> int | None:
    """Microseconds, cut off towards the past; None where the text is no number."""
    if len(text) > _LONGEST or not text.isascii() or "_" in text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    if value.adjusted() > _FAR:
        return _BEYOND
    above, below = value.as_integer_ratio() if value.adjusted() > -_FAR else (-1 if value < 0 else 0, SECOND)
    return min(max(above * scale // below, -_BEYOND), _BEYOND)


def _counted(counts: pa.Array, present: pa.Array) -> Converted:
    utc = pc.fill_null(counts, 0).to_numpy(zero_copy_only=False)
    found = pc.is_valid(counts).to_numpy(zero_copy_only=False)
    done = told(utc, {NOT_A_TIME: ~found, OUT_OF_RANGE: (utc < zones.FIRST) | (utc > zones.LAST)})
    return Converted(done.values, None if done.why is None else among(present, done.why))


def _integers(values: pa.Array, scale: int) -> Converted:
    """Integers of any width: what does not fit is far away, on its own side."""
    limit = zones.LAST // scale + 1
    numbers = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
    inside = (numbers >= -limit) & (numbers <= limit) if numbers.dtype.kind == "i" else numbers <= limit
    counts = np.where(inside, numbers, limit).astype(np.int64) * scale
    return _counted(pa.array(counts, mask=pc.is_null(values).to_numpy(zero_copy_only=False)), pc.is_valid(values))


def _floats(values: pa.Array, scale: int) -> Converted:
    """Nearest microsecond: the float is what the source holds."""
    numbers = pc.fill_null(values.cast(pa.float64()), np.nan).to_numpy(zero_copy_only=False)
    finite = np.isfinite(numbers)
    limit = float(zones.LAST // scale + 1)
    counts = np.rint(np.clip(np.where(finite, numbers, 0), -limit, limit) * scale).astype(np.int64)
    return _counted(pa.array(counts, mask=~finite), pc.is_valid(values))
