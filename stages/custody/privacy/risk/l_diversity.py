"""l-diversity: how many values of a sensitive attribute are well represented among the people of a group.

Machanavajjhala, Kifer, Gehrke and Venkitasubramaniam 2007 ("l-diversity: privacy beyond k-anonymity"), counted in
distinct (subject, value): one person's hundred events make no value common. `distinct` is the number of values,
`entropy` the effective one, exp(-Σ p ln p) with p a value's share of those pairs. A null is a value; a row without a
subject adds none. Both are counted over everybody in the release, so they are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.privacy.risk.classes import Classes
    from custody.privacy.risk.hashing import Hashes


@dataclass(frozen=True)
class Diversity:
    """Of the group where it is least; None where no row has a subject."""

    distinct: int | None
    entropy: float | None
    """Rounded down to four digits, since logarithms differ in their last bits between processors."""


def measure(told: Classes) -> Diversity:
    """Return the least diversity over all groups."""
    if not len(told.starts):
        return Diversity(None, None)
    return Diversity(int(_distinct(told).min()), float(_entropy(told).min()))


def below(told: Classes, distinct: int | None, entropy: float | None) -> Hashes:
    """Return the groups with less diversity than either demands, ascending."""
    low = np.zeros(len(told.starts), dtype=np.bool_)
    if distinct is not None:
        low |= _distinct(told) < distinct
    if entropy is not None:
        low |= _entropy(told) < entropy
    return told.group[told.starts][low]


def _distinct(told: Classes) -> NDArray[np.int64]:
    return np.diff(np.append(told.starts, len(told.group)))


def _entropy(told: Classes) -> NDArray[np.float64]:
    """With counts c that sum to n, -Σ p ln p is ln n - Σ c ln c / n."""
    total = np.add.reduceat(told.people, told.starts)
    weighed = np.add.reduceat(told.people * np.log(told.people), told.starts)
    effective: NDArray[np.float64] = np.exp(np.log(total) - weighed / total)
    return np.floor(np.round(effective * 10_000, 3)) / 10_000
