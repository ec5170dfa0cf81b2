"""Unicity: the share of people whom a few of their events single out.

De Montjoye, Hidalgo, Verleysen and Blondel 2013 ("Unique in the crowd"): of a person's events, `known` are drawn, and
the person is unique where nobody else has all of them. Somebody with fewer events is known by all of them. One draw by
the key for each of at most `DRAWS` people; an event is what a row's quasi-identifiers are released as.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.privacy import risk
from custody.privacy.risk import hashing

if TYPE_CHECKING:
    from custody.privacy.risk import Groups

DRAWS = 2_000
DIGITS = 4


def unicity(pairs: Groups, known: int, seed: int) -> float:
    """Return the share of people whom `known` of their events single out; 0 where there is nobody."""
    someone = pairs.subject != risk.NOBODY
    event, subject = pairs.group[someone], pairs.subject[someone]
    who = _grouped(subject, event)
    crowd = {key: set(people.tolist()) for key, people in _grouped(event, subject).items()}
    people = sorted(
        who, key=lambda one: int(hashing.joined(np.array([seed], np.uint64), np.array([one], np.uint64))[0])
    )
    unique = 0
    for one in people[:DRAWS]:
        lots = hashing.joined(np.full(len(who[one]), one, dtype=np.uint64), who[one])
        events = who[one][np.argsort(lots)][:known].tolist()
        unique += len(set.intersection(*(crowd[event] for event in events))) == 1
    return round(unique / min(len(people), DRAWS), DIGITS) if people else 0.0


def _grouped(keys: risk.Hashes, values: risk.Hashes) -> dict[int, risk.Hashes]:
    order = np.lexsort((values, keys))
    names, first = np.unique(keys[order], return_index=True)
    return dict(zip(names.tolist(), np.split(values[order], first[1:]), strict=True)) if len(names) else {}
