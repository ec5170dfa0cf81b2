"""Log-linear buckets: eight to each power of two, in the order of numbers, found from a double's own bits.

The layout is that of HdrHistogram with a relative width of at most an eighth. Sign, exponent and the first three bits
of the fraction name the bucket (IEEE 754), so no logarithm is taken and every processor counts alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Counts: TypeAlias = dict[int, int]
"""How many numbers fell into each bucket; buckets without any are left out."""
SHIFT: Final = 49
"""Bits of the fraction that a bucket does not tell apart."""
ZERO: Final = 1 << 14
"""Bucket of 0; those of negative numbers lie below."""


def buckets(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return each finite number's bucket: equal numbers share one, and a larger number is in no lower one."""
    bits = np.ascontiguousarray(numbers, dtype=np.float64).view(np.int64)
    size = (bits & np.int64(np.iinfo(np.int64).max)) >> SHIFT
    return np.where(bits < 0, -size, size) + ZERO


def counted(found: NDArray[np.int64]) -> Counts:
    """Count buckets, or any small integers that are not negative."""
    if not len(found):
        return {}
    counts = np.bincount(found)
    return {int(bucket): int(counts[bucket]) for bucket in np.flatnonzero(counts)}


def added(parts: Iterable[Counts]) -> Counts:
    """Return the sum of histograms, by bucket in ascending order."""
    total: Counts = {}
    for part in parts:
        for bucket, count in part.items():
            total[bucket] = total.get(bucket, 0) + count
    return dict(sorted(total.items()))


def low(bucket: int) -> float:
    """Return the number of least size in a bucket."""
    size = abs(bucket - ZERO) << SHIFT
    number = float(np.int64(size).view(np.float64))
    return -number if bucket < ZERO else number
