"""How many distinct values a released column has, in bounded memory.

Adaptive sampling (Wegman; Flajolet 1990, "On adaptive sampling"): of the keyed 64-bit hashes of all values, keep
those whose first `level` bits are zero, and raise the level whenever more than `LIMIT` are kept; the estimate is
`kept * 2**level`. Up to `LIMIT` distinct values the count is exact; beyond, its standard error is about 1.2/√LIMIT, a
thousandth. The level that is reached depends on the set of values alone, so the result does not depend on partitions
or their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.risk.hashing import once

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

LIMIT = 1 << 20


@dataclass(frozen=True)
class Sample:
    """The kept hashes, ascending and each once; their leading zero bits; and how many rows hold a value."""

    kept: NDArray[np.uint64]
    level: int
    rows: int

    @property
    def distinct(self) -> int:
        """Distinct values; never more than rows."""
        return min(len(self.kept) << self.level, self.rows)


EMPTY = Sample(np.empty(0, dtype=np.uint64), 0, 0)


def sample(hashes: NDArray[np.uint64], rows: int, limit: int = LIMIT) -> Sample:
    """Return the sample of hashes of values, repeats allowed, that `rows` rows hold."""
    return _shrunk(hashes, 0, rows, limit)


def merge(parts: Iterable[Sample], limit: int = LIMIT) -> Sample:
    """Return the sample of all values of all parts."""
    ready = list(parts)
    level = max((part.level for part in ready), default=0)
    hashes = np.concatenate([EMPTY.kept, *(part.kept for part in ready)])
    return _shrunk(hashes, level, sum(part.rows for part in ready), limit)


def _shrunk(hashes: NDArray[np.uint64], level: int, rows: int, limit: int) -> Sample:
    kept = once(_from(hashes, level))
    while len(kept) > limit:
        level += 1
        kept = _from(kept, level)
    return Sample(kept, level, rows)


def _from(hashes: NDArray[np.uint64], level: int) -> NDArray[np.uint64]:
    return hashes[hashes >> np.uint64(64 - level) == 0] if level else hashes
