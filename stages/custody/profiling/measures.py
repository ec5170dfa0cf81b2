"""What a column's values are like, without telling one: shares, rounded ranges, classes of characters."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from custody.profiling.types import Typed

TAILS: Final = (0.001, 0.999)
"""Quantiles that a range is taken from: one value in a thousand at each end may be an outlier, and is not told."""
FEW: Final = 20
"""Fewer values say nothing of a distribution."""
SMALLEST: Final = 1e-300
"""Smaller numbers have no two digits to round to."""
ALIKE: Final = 0.995
RUNS: Final = 9
HEX: Final = r"^[0-9a-f]+$"
_RUN: Final = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[^a-zA-Z0-9]")


@dataclass(frozen=True)
class Measures:
    """Figures of one column."""

    records: int
    present: int
    distinct: int
    complete: float
    """Share of the records in which something stands."""
    unique: float
    """Distinct values per value."""


def measures(texts: pa.Array) -> Measures:
    """Return the figures of a column of clean text."""
    present = len(texts) - texts.null_count
    distinct = len(texts.drop_null().unique())
    records = len(texts)
    complete = present / records if records else 0.0
    return Measures(records, present, distinct, complete, distinct / present if present else 0.0)


def span(typed: Typed) -> tuple[float, float] | None:
    """Return a range that holds all but the tails of a column of numbers, each end rounded outwards to two digits.

    None where fewer than `FEW` numbers were seen. A rounded end is no value of the data but by chance.
    """
    numbers = pc.drop_null(typed.values).to_numpy(zero_copy_only=False).astype(np.float64)
    if len(numbers) < FEW:
        return None
    low, high = np.quantile(numbers, TAILS)
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    width = max(abs(float(low)), abs(float(high)), 1e-9)
    margin = (float(high) - float(low)) * 0.05 or width * 0.05
    start = 0.0 if low >= 0 and low - margin < 0.5 * width else _outwards(float(low) - margin, math.floor)
    return start, _outwards(float(high) + margin, math.ceil)


def edges(typed: Typed) -> tuple[float, ...]:
    """Return lower edges of about eight bins with equally many values, rounded to two digits; empty for too few."""
    numbers = pc.drop_null(typed.values).to_numpy(zero_copy_only=False).astype(np.float64)
    if len(numbers) < FEW:
        return ()
    found = {_outwards(float(one), round) for one in np.quantile(numbers, np.linspace(0.125, 0.875, 7))}
    return tuple(sorted(found))


def pattern(texts: pa.Array) -> str | None:
    """Return a pattern of character classes that nearly all values fit, or None where they are not alike.

    Letters and digits are told as classes only, and no length but that of hexadecimal digests, which all are alike.
    """
    present = texts.drop_null()
    if len(present) < FEW:
        return None
    lengths = pc.utf8_length(present)
    low, high = pc.min(lengths).as_py(), pc.max(lengths).as_py()
    if low == high >= 16 and pc.all(pc.match_substring_regex(present, HEX)).as_py():  # noqa: PLR2004  # no word is that long
        return f"[0-9a-f]{{{low}}}"
    shapes: dict[str, int] = {}
    counted = pc.value_counts(present)
    for text, count in zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True):
        shape = _classes(text)
        shapes[shape] = shapes.get(shape, 0) + count
        if len(shapes) > FEW:
            return None
    best, count = max(shapes.items(), key=lambda one: one[1])
    return best if best and count >= ALIKE * len(present) and best not in {"[A-Za-z]+", "[0-9]+"} else None


def _classes(text: str) -> str:
    """`ab-12` as `[A-Za-z]+-[0-9]+`; empty for a text that is not plain ASCII, or of many parts."""
    if not text.isascii() or not text.isprintable() or len(text) > 128:  # noqa: PLR2004  # a longer one is prose
        return ""
    parts: list[str] = []
    for run in _RUN.findall(text):
        part = "[A-Za-z]+" if run[0].isalpha() else "[0-9]+" if run[0].isdigit() else re.escape(run)
        if not parts or parts[-1] != part or part.startswith("\\"):
            parts.append(part)
    return "".join(parts) if len(parts) <= RUNS else ""


def _outwards(value: float, way: object) -> float:
    """Round to two significant digits."""
    if abs(value) < SMALLEST or not math.isfinite(value):
        return 0.0
    scale = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    done = way(value / scale) * scale  # type: ignore[operator]  # floor, ceil or round
    return float(f"{done:.12g}")
