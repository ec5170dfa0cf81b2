"""Linkability: how often records that an attacker holds about a person lead to that person's rows in the release.

Main attack, control attack and excess risk as in Giomi, Boenisch, Wehmeyer and Tasnádi 2023 (Anonymeter); the match is
that of Narayanan and Shmatikov 2008 ("Robust de-anonymization of large sparse datasets"). For each of at most
`TARGETS` people, drawn by the key, the attacker takes what is known of the person through the policy's own
techniques, whose parameters are public, and picks the subject whose trace holds the most of those events, any of
them where several do. The control is the same pick made from what is known of somebody else: what chance yields.

What is known is a share of the usable raw records (`auxiliary`), or an earlier release's traces (`earlier`).
Techniques with a secret are taken as if the attacker could apply them, so that the figure errs on the safe side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.risk import interval
from custody.privacy.risk.groups import NOBODY, firsts
from custody.privacy.risk.hashing import finalize, joined, once
from custody.privacy.risk.traces import drawn, salted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.privacy.risk.groups import Groups
    from custody.privacy.risk.hashing import Hashes
    from custody.privacy.risk.interval import Excess
    from custody.privacy.risk.traces import Traces

TARGETS = 2_000
MOST = 16
"""Events of one person that the attacker uses, those with the fewest subjects."""
WORK = 100_000_000
"""Subjects that are looked at in all; fewer people are attacked where events are shared by very many."""


@dataclass(frozen=True)
class Known:
    """What is known of some people: distinct (subject, event) in the order of subjects, as keyed hashes.

    Plain arrays of 64-bit words: an anchor can carry those of an earlier release, sealed, and they hold no value.
    """

    subject: Hashes
    event: Hashes


def auxiliary(distinct: Groups, share: float, seed: int) -> Known:
    """Return what an attacker knows who holds each record with probability `share`, of at most `TARGETS` people.

    A pair that n records have is known unless all n are missed. `distinct` are the pairs of the usable
    records (`groups.pairs`).
    """
    chance = finalize(joined(distinct.group, distinct.subject) ^ np.uint64(seed)) >> np.uint64(11)
    held = chance * 2.0**-53 >= (1.0 - share) ** np.minimum(distinct.rows, 1_000_000)
    return _of_some(distinct.subject[held], distinct.group[held], seed)


def earlier(distinct: Groups, seed: int) -> Known:
    """Return the traces of at most `TARGETS` people, for a later release to be attacked with."""
    return _of_some(distinct.subject, distinct.group, seed)


def measure(known: Known, told: Traces, seed: int) -> Excess:
    """Attack the release with what is known; of the people in `known` those count who are in the release."""
    targets = _targets(known, told)
    picks = [_pick(told, events, salted(seed, int(told.subject[who]))) for who, events in targets]
    people = [who for who, _ in targets]
    main = sum(pick == who for pick, who in zip(picks, people, strict=True))
    others = picks[1:] + picks[:1] if len(picks) > 1 else []
    control = sum(pick == who for pick, who in zip(others, people, strict=False))
    return interval.excess((main, len(people)), (control, len(others)))


def _of_some(subject: Hashes, event: Hashes, seed: int) -> Known:
    people = once(subject[subject != NOBODY])
    some = np.sort(people[drawn(people, seed, TARGETS)])
    chosen = np.isin(subject, some)
    subject, event = subject[chosen], event[chosen]
    order = np.lexsort((event, subject))
    return Known(subject[order], event[order])


def _targets(known: Known, told: Traces) -> list[tuple[int, NDArray[np.int32]]]:
    """Return who is attacked, by place in the release, and with which events; all in a fixed order."""
    found: list[tuple[int, NDArray[np.int32]]] = []
    work = 0
    for start, end in _each(known.subject):
        who = int(np.searchsorted(told.subject, known.subject[start]))
        if who == len(told.subject) or told.subject[who] != known.subject[start]:
            continue
        events = _rarest(told, known.event[start:end])
        work += int(told.crowds[events].sum())
        if work > WORK and found:
            break
        found.append((who, events))
    return found


def _each(subject: Hashes) -> list[tuple[int, int]]:
    if not len(subject):
        return []
    starts = firsts(subject).tolist()
    return list(zip(starts, [*starts[1:], len(subject)], strict=True))


def _rarest(told: Traces, events: Hashes) -> NDArray[np.int32]:
    """Return the events that the release has, at most `MOST`, the rarest first."""
    places = np.minimum(np.searchsorted(told.event, events), len(told.event) - 1)
    places = places[told.event[places] == events]
    rarest: NDArray[np.int32] = places[np.lexsort((places, told.crowds[places]))][:MOST].astype(np.int32)
    return rarest


def _pick(told: Traces, events: NDArray[np.int32], seed: int) -> int:
    """Return a subject with the most of `events`; anybody where the release has none of them."""
    if not len(events):
        return salted(seed, 0) % len(told.subject)
    best = told.all_of(events)
    if not len(best):
        who, hits = np.unique(np.concatenate([told.who(int(event)) for event in events]), return_counts=True)
        best = who[hits == hits.max()]
    return int(best[drawn(told.subject[best], seed, 1)[0]])
