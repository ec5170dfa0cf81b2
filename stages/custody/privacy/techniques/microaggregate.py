"""microaggregate: each number or time becomes the mean of a group of neighbours that holds enough people.

Fixed-size univariate microaggregation (Domingo-Ferrer and Mateo-Sanz 2002), with the size counted in distinct
subjects and not in records: the values in ascending order are cut as soon as a group holds `size` people, and what is
left at the end joins the last group. Equal values are never parted, so that a value's group follows from the value
alone. A group's value is the mean over its records, to the microsecond for times and to a whole number for integers.

Which values there are is learnt from the whole data set (`learning`); merging is by value, so neither the cut into
partitions nor their order matters. With fewer than `size` people in all there is no group, and every cell is left
empty; so is a number that is not finite.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from custody.errors import CustodyError
from custody.privacy.risk import NOBODY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.policy.schema import FieldType
    from custody.policy.techniques import Microaggregate
    from custody.privacy.risk import Groups
    from custody.privacy.techniques.given import Given
    from custody.records.zone import Zone

_SIGN = np.uint64(1 << 63)


@dataclass(frozen=True)
class Classes:
    """Groups of neighbours in ascending order; none where too few people have a value."""

    starts: NDArray[np.uint64] = field(repr=False)
    """The key of the least value of each."""
    means: pa.Array = field(repr=False)
    """What is released, of the column's type."""


def apply(values: pa.Array, column: Microaggregate, kind: FieldType, zone: Zone, given: Given) -> pa.Array:  # noqa: ARG001  # one signature
    """Return the mean of each value's group, of the type it had (null stays null)."""
    if given.classes is None:
        raise CustodyError("privacy: microaggregate was called without the groups of the data set")
    keyed, present = keys(values)
    place = np.searchsorted(given.classes.starts, keyed, side="right") - 1
    return given.classes.means.take(pa.array(place, mask=~present | (place < 0)))


def keys(values: pa.Array) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return unsigned integers in the order of the numbers or times, and which values are there and finite."""
    present = values.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_floating(values.type):
        numbers = values.fill_null(0).to_numpy(zero_copy_only=False) + 0.0  # minus zero is zero
        bits = numbers.view(np.uint64)
        return np.where(bits & _SIGN, ~bits, bits | _SIGN), present & np.isfinite(numbers)
    return values.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False).view(np.uint64) ^ _SIGN, present


def classes(pairs: Groups, size: int, held: pa.DataType) -> Classes:
    """Return the groups; `pairs` are the distinct pairs of a value's key and a subject, with their rows."""
    order = np.argsort(pairs.group, kind="stable")
    key, subject, rows = pairs.group[order], pairs.subject[order], pairs.rows[order]
    firsts = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if len(key) else np.empty(0, dtype=np.int64)
    cuts = _cuts(np.append(firsts, len(key)).tolist(), _earlier(subject), size)
    counts = np.add.reduceat(rows, firsts) if len(firsts) else rows
    numbers, limits = _numbers(key[firsts], held), np.searchsorted(firsts, cuts).tolist()
    means = [_mean(numbers[i:j], counts[i:j].tolist(), held) for i, j in pairwise(limits)]
    kind = held if pa.types.is_floating(held) else pa.int64()
    return Classes(key[cuts[:-1]], pa.array(means, kind).cast(held))


def _earlier(subject: NDArray[np.uint64]) -> list[int]:
    """Return, for each pair, the place of the subject's pair before it, -1 for none; nobody's is never the first."""
    order = np.argsort(subject, kind="stable")
    before = np.full(len(subject), -1)
    same = subject[order][1:] == subject[order][:-1]
    before[order[1:][same]] = order[:-1][same]
    before[subject == NOBODY] = len(subject)
    earlier: list[int] = before.tolist()
    return earlier


def _cuts(bounds: list[int], earlier: list[int], size: int) -> list[int]:
    """Return where groups begin, and the end of the last; [0] where there is none. `bounds` are those of values."""
    cuts, people = [0], 0
    for low, high in pairwise(bounds):
        people += sum(place < cuts[-1] for place in earlier[low:high])
        if people >= size:
            cuts.append(high)
            people = 0
    return [*cuts[:-1], bounds[-1]] if len(cuts) > 1 else cuts


def _numbers(key: NDArray[np.uint64], held: pa.DataType) -> list[Any]:
    floating = pa.types.is_floating(held)
    bits = np.where(key & _SIGN, key ^ _SIGN, ~key).view(np.float64) if floating else (key ^ _SIGN).view(np.int64)
    return list(bits.tolist())


def _mean(numbers: list[Any], counts: list[int], held: pa.DataType) -> float:
    """Mean of ascending numbers: exact for whole ones; of others the exactly rounded sum of their shares.

    Both are the same on every processor, and within the numbers' own range.
    """
    total, pairs = sum(counts), zip(numbers, counts, strict=True)
    if not pa.types.is_floating(held):
        whole: int = (2 * sum(number * count for number, count in pairs) + total) // (2 * total)
        return whole
    mean = math.fsum(number * (count / total) for number, count in pairs)
    return float(min(max(mean, numbers[0]), numbers[-1]))
