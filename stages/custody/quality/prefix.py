"""A keyed checksum over the first records of a file, in order: does a file begin with what was anchored?

Every record becomes one number, the sum of its values times a keyed odd number per column; these are mixed, weighted by
place and added up modulo 2**64. Sums of parts add up to that of the whole. Numbers and times count by their bits, texts
by their length. Without the key nobody can make another beginning with the same sum.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.quality.cells import fixed, whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from custody.records.zone import Zone

ABSENT: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True)
class Checksum:
    """The key, of one zone."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, zone: Zone) -> Checksum:
        """Derive the key from the zone secret."""
        return cls(zone.derive("hash/prefix"))

    def records(self, table: pa.Table, columns: Iterable[str], start: int) -> NDArray[np.uint64]:
        """Return one number per record of a partition whose first record is number `start` of its file."""
        total = np.zeros(table.num_rows, dtype=np.uint64)
        for name in sorted(columns):
            total += bits(whole(table, name)) * (self._odd(name))
        places = np.arange(start, start + table.num_rows, dtype=np.uint64)
        return spread(total) * (spread(places + self._odd("")) | np.uint64(1))

    def _odd(self, name: str) -> np.uint64:
        made = hashlib.blake2b(name.encode(), digest_size=8, key=self.key[:64]).digest()
        return np.uint64(int.from_bytes(made, "little") | 1)


def spread(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix 64-bit numbers (the finalizer of SplitMix64: G. Steele, D. Lea and C. Flood, OOPSLA 2014)."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    return mixed ^ (mixed >> np.uint64(31))


def bits(values: pa.Array) -> NDArray[np.uint64]:
    """Return each value as 64 bits: numbers and times their own, texts their length, null `ABSENT`."""
    plain = pc.utf8_length(values) if pa.types.is_string(values.type) else values
    if pa.types.is_boolean(plain.type):
        plain = plain.cast(pa.int64())
    found = fixed(plain)
    numbers = (found + 0.0 if found.dtype == np.float64 else found.astype(np.int64)).view(np.uint64)
    if not values.null_count:
        return numbers
    return np.where(values.is_valid().to_numpy(zero_copy_only=False), numbers, ABSENT)
