"""What is told of the people of each group: how many of them have each value of one sensitive column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.risk.groups import NOBODY, Groups, firsts, pairs, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.privacy.risk.hashing import Hashes


@dataclass(frozen=True)
class Classes:
    """Distinct (group, value) with the subjects that have it, in the order of groups and in each of values.

    A group whose rows all lack a subject is not among them: there is nobody of whom anything could be told.
    """

    group: Hashes
    value: Hashes
    people: NDArray[np.int64]
    starts: NDArray[np.intp]
    """Where each group begins."""
    whole_value: Hashes
    """Every value that somebody has, ascending."""
    whole_people: NDArray[np.int64]
    """How many subjects have it, in whatever groups."""


def classes(groups: Groups, place: int) -> Classes:
    """Return the counts for the sensitive column at `place`; a subject counts once per group and value."""
    told = pairs(groups, place)
    someone = told.subject != NOBODY
    group, subject, value = told.group[someone], told.subject[someone], told.values[0][someone]
    ones = np.ones(len(group), dtype=np.int64)
    counted = summed((group, value), ones)
    order = np.lexsort((counted.subject, counted.group))
    ordered = counted.group[order]
    whole = _whole(value, subject)
    starts = firsts(ordered) if len(ordered) else np.empty(0, dtype=np.intp)
    return Classes(ordered, counted.subject[order], counted.rows[order], starts, *whole)


def _whole(value: Hashes, subject: Hashes) -> tuple[Hashes, NDArray[np.int64]]:
    distinct = summed((value, subject), np.ones(len(value), dtype=np.int64)).group
    if not len(distinct):
        return distinct, np.empty(0, dtype=np.int64)
    ordered = np.sort(distinct)
    first = firsts(ordered)
    return ordered[first], np.diff(np.append(first, len(ordered)))
