"""Unicity: the share of people whom a few of their events single out.

De Montjoye, Hidalgo, Verleysen and Blondel 2013 ("Unique in the crowd"): p events are drawn from a person's trace, and
the person is unique where nobody else's trace holds all of them. Somebody with fewer events is known by all of them.
Where all possible draws are few they are all counted and the share is exact; otherwise one draw by the key for each of
`DRAWS` people, who are drawn by the key as well, with the Wilson interval of the share.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.risk import interval
from custody.privacy.risk.hashing import finalize, joined
from custody.privacy.risk.interval import Rate
from custody.privacy.risk.traces import drawn, salted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.privacy.risk.hashing import Hashes
    from custody.privacy.risk.traces import Traces

DRAWS = 2_000
LIMIT = 1 << 20
"""Possible draws, of one number of events and everybody, that are still counted one by one."""


def measure(told: Traces, known: int, seed: int) -> Rate | None:
    """Return the share of subjects that `known` of their events single out; None where there is no subject."""
    if not len(told.subject):
        return None
    if all(_possible(told, size) <= LIMIT for size in range(1, known + 1)):
        return _exact(told, known)
    draws = _draws(told, known, seed)
    return interval.wilson(sum(len(told.all_of(events)) == 1 for events in draws), len(draws))


def _possible(told: Traces, size: int) -> int:
    lengths, people = np.unique(told.lengths, return_counts=True)
    return sum(comb(int(length), size) * int(many) for length, many in zip(lengths, people, strict=True))


def _exact(told: Traces, known: int) -> Rate:
    """Count all draws: as many people hold certain events as there are draws of just these."""
    unique = 0.0
    for size in range(1, known + 1):
        parts = [_subsets(told, int(length), size) for length in np.unique(told.lengths) if length >= size]
        words = np.sort(np.concatenate([np.empty(0, dtype=np.uint64), *(part.ravel() for part in parts)]))
        alone = words[_alone(words)]
        for part in parts:
            if size == known or part.shape[1] == 1:  # all of a shorter trace is one draw
                unique += _among(alone, part.ravel()) / part.shape[1]
    share = unique / len(told.subject)
    return Rate(round(share, 6), interval.down(share), interval.up(share), len(told.subject), exact=True)


def _subsets(told: Traces, length: int, size: int) -> Hashes:
    """Return a word for each draw of `size` events, one row per subject that has `length` of them."""
    who = np.flatnonzero(told.lengths == length)
    events = told.events[told.begins[who][:, None] + np.arange(length)].astype(np.uint64)
    chosen = np.array(list(combinations(range(length), size)))
    words = events[:, chosen[:, 0]]
    for place in range(1, size):
        words = joined(words, events[:, chosen[:, place]] + np.uint64(1))
    return finalize(words)


def _alone(words: Hashes) -> NDArray[np.bool_]:
    """Return which sorted words stand once."""
    differ = np.append(True, words[1:] != words[:-1])
    alone: NDArray[np.bool_] = differ & np.append(differ[1:], True)
    return alone if len(words) else np.empty(0, dtype=np.bool_)


def _among(alone: Hashes, words: Hashes) -> int:
    if not len(alone):
        return 0
    places = np.minimum(np.searchsorted(alone, words), len(alone) - 1)
    return int(np.count_nonzero(alone[places] == words))


def _draws(told: Traces, known: int, seed: int) -> list[NDArray[np.int32]]:
    """Draw people, and of each `known` events; of few people each is drawn several times."""
    people = drawn(told.subject, seed, DRAWS)
    rounds = -(-DRAWS // len(people)) if len(people) == len(told.subject) else 1
    return [_some(told, int(who), known, salted(seed, turn)) for turn in range(rounds) for who in people]


def _some(told: Traces, who: int, known: int, seed: int) -> NDArray[np.int32]:
    own = told.of(who)
    some: NDArray[np.int32] = own[drawn(told.event[own], salted(seed, int(told.subject[who])), known)]
    return some
