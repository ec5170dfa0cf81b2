"""Traces: the events of each subject, and for each event the subjects that have it.

An event is a group: what is released of a row by its quasi-identifiers. A subject's trace is the set of its events
(de Montjoye, Hidalgo, Verleysen and Blondel 2013), and what an attacker may know of a person is a part of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.risk.groups import NOBODY
from custody.privacy.risk.hashing import finalize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.privacy.risk.groups import Groups
    from custody.privacy.risk.hashing import Hashes


@dataclass(frozen=True)
class Traces:
    """Subjects and events by their place in `subject` and `event`, ascending hashes; rows without subject left out."""

    subject: Hashes
    event: Hashes
    events: NDArray[np.int32]
    """The events of the first subject, ascending, then of the second, …"""
    begins: NDArray[np.int64]
    """Where each subject's events begin in `events`; one more entry, its length, at the end."""
    holders: NDArray[np.int32]
    """The subjects of the first event, ascending, then of the second, …"""
    opens: NDArray[np.int64]
    """Where each event's subjects begin in `holders`; one more entry at the end."""

    def of(self, subject: int) -> NDArray[np.int32]:
        """Return the events of a subject."""
        return self.events[self.begins[subject] : self.begins[subject + 1]]

    def who(self, event: int) -> NDArray[np.int32]:
        """Return the subjects of an event."""
        return self.holders[self.opens[event] : self.opens[event + 1]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many events each subject has."""
        return np.diff(self.begins)

    @property
    def crowds(self) -> NDArray[np.int64]:
        """How many subjects each event has."""
        return np.diff(self.opens)

    def all_of(self, events: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the subjects that have every one of `events`, of which there is at least one."""
        first, *others = sorted(events.tolist(), key=lambda event: self.opens[event + 1] - self.opens[event])
        found = self.who(first)
        for event in others:
            crowd = self.who(event)
            places = np.minimum(np.searchsorted(crowd, found), len(crowd) - 1)
            found = found[crowd[places] == found]
        return found


def traces(distinct: Groups) -> Traces:
    """Return the traces of merged groups; they hold no sensitive values (`groups.pairs`)."""
    someone = distinct.subject != NOBODY
    subject, who = np.unique(distinct.subject[someone], return_inverse=True)
    event, what = np.unique(distinct.group[someone], return_inverse=True)
    word = who.astype(np.int64) * len(event) + what
    word.sort()
    rows, events = (part.astype(np.int32) for part in np.divmod(word, max(len(event), 1)))
    begins = np.append(0, np.cumsum(np.bincount(rows, minlength=len(subject))))
    order = np.argsort(events, kind="stable")
    opens = np.append(0, np.cumsum(np.bincount(events, minlength=len(event))))
    return Traces(subject, event, events, begins, rows[order], opens)


def salted(seed: int, word: int) -> int:
    """Return a seed of its own for `word`, the hash of what a lot is drawn for."""
    return int(finalize(np.array([seed ^ word], dtype=np.uint64))[0])


def drawn(hashes: Hashes, seed: int, most: int) -> NDArray[np.intp]:
    """Return the places of at most `most` of `hashes`, drawn by the key: the same for the same set."""
    return np.argsort(finalize(hashes ^ np.uint64(seed)))[:most]
