"""Inference: how much better the release lets one guess what is sensitive about people in it than about others.

Main attack, control attack and excess risk as in Giomi, Boenisch, Wehmeyer and Tasnádi 2023 (Anonymeter). The attacker
knows the quasi-identifiers of one row of a person and guesses the value that most people of that group have; in a
group that the release lacks, the one that most people have. Each person is guessed about twice: from the whole
release, and, as a control, from what it would be without a fifth of the people, drawn by the key, the person among
them. What the control finds is what is true of people in general and no fault of the release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.risk import interval
from custody.privacy.risk.groups import NOBODY, Groups, firsts, pairs, summed
from custody.privacy.risk.hashing import contains, finalize, joined, once
from custody.privacy.risk.traces import drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.privacy.risk.hashing import Hashes
    from custody.privacy.risk.interval import Excess

FOLDS = 5
TARGETS = 10_000


def measure(groups: Groups, place: int, seed: int) -> Excess:
    """Return how far guesses of the sensitive column at `place` succeed beyond the control."""
    told = pairs(groups, place)
    someone = told.subject != NOBODY
    group, subject, value = told.group[someone], told.subject[someone], told.values[0][someone]
    fold = finalize(subject ^ np.uint64(seed)) % np.uint64(FOLDS)
    counted = summed((group, value, fold), np.ones(len(group), dtype=np.int64))
    target = _targets(group, subject, value, seed)
    main = _right(counted, group[target], value[target])
    control = 0
    for left_out in range(FOLDS):
        aimed = target[fold[target] == np.uint64(left_out)]
        control += _right(_without(counted, left_out), group[aimed], value[aimed])
    return interval.excess((main, len(target)), (control, len(target)))


def _targets(group: Hashes, subject: Hashes, value: Hashes, seed: int) -> NDArray[np.intp]:
    """Return the place of one row, drawn by the key, of each of at most `TARGETS` people, also drawn by it."""
    people = once(subject)
    some = np.flatnonzero(contains(np.sort(people[drawn(people, seed, TARGETS)]), subject))
    lot = finalize(joined(joined(group[some], subject[some]), value[some]) ^ np.uint64(seed))
    order = some[np.lexsort((lot, subject[some]))]
    return order[firsts(subject[order])] if len(order) else order


def _without(counted: Groups, left_out: int) -> Groups:
    """Return what is counted of the people of the other folds; the fold is the one value of `counted`."""
    seen = counted.values[0] != np.uint64(left_out)
    return Groups(counted.group[seen], counted.subject[seen], counted.rows[seen])


def _right(counted: Groups, group: Hashes, value: Hashes) -> int:
    """Return how many of the targets' values are guessed right, from the people per (group, value) that are counted."""
    if not len(counted):
        return 0
    known, guess = _commonest(counted.group, counted.subject, counted.rows)
    usual = _commonest(np.zeros_like(counted.group), counted.subject, counted.rows)[1][0]
    places = np.minimum(np.searchsorted(known, group), len(known) - 1)
    said = np.where(known[places] == group, guess[places], usual)
    return int(np.count_nonzero(said == value))


def _commonest(group: Hashes, value: Hashes, people: NDArray[np.int64]) -> tuple[Hashes, Hashes]:
    """Return the groups, ascending, and the commonest value of each; of equally common ones the least word."""
    counted = summed((group, value), people)
    order = np.lexsort((counted.subject, -counted.rows, counted.group))
    first = order[firsts(counted.group[order])]
    return counted.group[first], counted.subject[first]
