"""Batch-only audit: labels that most of the nearest records of the same batch contradict.

Used where no anchor applies. It sees scattered errors and misses clusters, since flipped neighbors agree with each
other. Ranks from 0 to 15 stand for numbers, so that every distance is a sum of small integers, exact in single
precision however a processor orders it; equal distances go by place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RANKS: Final = 16
OTHER: Final = 64
"""Distance between two categories."""
NEIGHBORS: Final = 10
AGAINST: Final = 8
"""Neighbors of another label that make a label implausible."""
SAMPLE: Final = 2_048
"""Records that are compared with each other, at most about so many."""


@dataclass(frozen=True)
class Sample:
    """Some records: numbers and categories of their features, and labels; each a column per record."""

    numbers: NDArray[np.float64]
    """Shape (numeric features, records); NaN where there is none."""
    categories: NDArray[np.uint64]
    """Shape (other features, records): hashes."""
    labels: NDArray[np.uint64]


def joined(parts: list[Sample]) -> Sample:
    """Return the samples of all partitions as one."""
    return Sample(
        np.concatenate([part.numbers for part in parts], axis=1),
        np.concatenate([part.categories for part in parts], axis=1),
        np.concatenate([part.labels for part in parts]),
    )


def doubted(sample: Sample) -> NDArray[np.bool_]:
    """True for the records of whose ten nearest neighbors at least eight have another label."""
    records = len(sample.labels)
    if records <= NEIGHBORS:
        return np.zeros(records, dtype=np.bool_)
    ranks = np.stack([_ranks(one) for one in sample.numbers]) if len(sample.numbers) else np.zeros((0, records))
    points = ranks.T.astype(np.float32)
    sizes = (points * points).sum(axis=1, dtype=np.float32)
    distances = (sizes[:, None] + sizes[None, :] - 2 * (points @ points.T)).astype(np.int64)
    for one in sample.categories:
        distances += (one[:, None] != one[None, :]).astype(np.int64) * OTHER
    keys = distances * records + np.arange(records)
    np.fill_diagonal(keys, np.iinfo(np.int64).max)
    nearest = np.argpartition(keys, NEIGHBORS, axis=1)[:, :NEIGHBORS]
    against = (sample.labels[nearest] != sample.labels[:, None]).sum(axis=1)
    return np.asarray(against >= AGAINST)


def _ranks(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return where each number stands among the distinct ones of its column, from 0 to 15; missing ones stand last."""
    found, places = np.unique(numbers, return_inverse=True)
    return places * (RANKS - 1) // max(len(found) - 1, 1)
