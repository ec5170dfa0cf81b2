"""t-closeness: how far the values of a sensitive attribute in a group are from those of the whole release.

The Earth Mover's Distance of Li, Li and Venkatasubramanian 2007 ("t-closeness: privacy beyond k-anonymity and
l-diversity"), between 0 and 1. Without an order all values are equally far apart, and it is half the sum of
|p - q|; with one it is 1/(m-1) times the sum over the m values, in their order, of |p₁ + … + pᵢ - q₁ - … - qᵢ|. p and q
are shares of distinct (subject, value) pairs in the group and in the release. Sums are integers, and counted over
everybody, so the figure is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.risk import interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.privacy.risk.classes import Classes
    from custody.privacy.risk.hashing import Hashes


def measure(told: Classes, *, ordered: bool) -> float | None:
    """Return the greatest distance of any group, rounded up to six digits; None where no row has a subject."""
    if not len(told.starts):
        return None
    return interval.up(float(_distances(told, ordered=ordered).max()))


def above(told: Classes, t: float, *, ordered: bool) -> Hashes:
    """Return the groups farther than `t` from the whole, ascending."""
    if not len(told.starts):
        return told.group
    far = _distances(told, ordered=ordered)
    return told.group[told.starts][np.ceil(np.round(far * interval.DIGITS, 3)) / interval.DIGITS > t]


def _distances(told: Classes, *, ordered: bool) -> NDArray[np.float64]:
    return _ordered(told) if ordered else _equal(told)


def _equal(told: Classes) -> NDArray[np.float64]:
    """½ Σ |p - q|: a value that the group lacks adds q, so the sum is 1 + Σ (|p - q| - q) over those it has."""
    size, whole = _totals(told)
    group = _numbers(told)
    everywhere = told.whole_people[np.searchsorted(told.whole_value, told.value)]
    own, other = told.people * whole, everywhere * size[group]
    more = np.add.reduceat(np.abs(own - other) - other, told.starts)
    distance: NDArray[np.float64] = (size * whole + more) / (2 * size * whole)
    return distance


def _ordered(told: Classes) -> NDArray[np.float64]:
    """Σ |P - Q| over the steps of the order, where P is constant from one value of the group to the next.

    Within such a stretch Q only grows, so that it is split once, where Q reaches P.
    """
    count = len(told.whole_value)
    if count < 2:  # noqa: PLR2004  # one value is at no distance from itself
        return np.zeros(len(told.starts))
    size, whole = _totals(told)
    reached = np.cumsum(told.whole_people)
    area = np.append(0, np.cumsum(reached))
    low, high, own, group = _stretches(told, count)
    # P ≤ Q from the first step on where Q, of `whole`, is at least P, of `size`: both as integers.
    split = np.clip(np.searchsorted(reached, -(-own * whole // size[group])), low, high)
    steps = own * (2 * split - low - high)
    moved = area[low] + area[high] - 2 * area[split]
    ends = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    total = np.add.reduceat(steps, ends) / size + np.add.reduceat(moved, ends) / whole
    distance: NDArray[np.float64] = total / (count - 1)
    return distance


def _stretches(
    told: Classes, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return per stretch where it begins and ends in the order, what P is in it, and the number of its group.

    Each value of a group begins one, and there is one more from the order's beginning, in which P is 0.
    """
    group, starts = _numbers(told), told.starts
    place = np.searchsorted(told.whole_value, told.value)
    summed = np.cumsum(told.people)
    before = np.append(0, summed)[starts]
    low = np.insert(place, starts, 0)
    own = np.insert(summed - before[group], starts, 0)
    group = np.insert(group, starts, np.arange(len(starts)))
    last = np.append(group[1:] != group[:-1], True)
    return low, np.where(last, count, np.append(low[1:], count)), own, group


def _totals(told: Classes) -> tuple[NDArray[np.int64], int]:
    """Return the (subject, value) pairs of each group and of the release."""
    return np.add.reduceat(told.people, told.starts), int(told.whole_people.sum())


def _numbers(told: Classes) -> NDArray[np.int64]:
    """Return the number of each class's group, from 0."""
    return np.repeat(np.arange(len(told.starts)), np.diff(np.append(told.starts, len(told.group))))
