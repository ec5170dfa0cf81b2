"""Which records fare otherwise under the other policy: joined by file and line, counted by source and reason.

A file is the same where its content, its source and the zone are, whatever the policies say about it. Persons are
counted by keyed hashes of canonical subjects; neither these nor any value comes out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np

from custody.history.effect import fates
from custody.history.effect.fates import ABSENT, ADMITTED, QUARANTINED, SUPPRESSED, WITHHELD, Fates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from custody.history.effect.fates import Watched
    from custody.privacy.inputs import Pair
    from custody.records.run import Run

KINDS: Final = {
    "admitted": ADMITTED,
    "quarantined": QUARANTINED,
    "withheld": WITHHELD,
    "suppressed": SUPPRESSED,
    "not collected": ABSENT,
}
WORDS: Final = {place: name for name, place in KINDS.items()}
LEFT: Final = "no longer admitted"
RE_REASONED: Final = "re-reasoned"
"""The same fate for another reason."""


@dataclass
class Flow:
    """Records that newly have one fate."""

    sources: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    """Why; of what is newly admitted or no longer collected, what became of it before."""
    people: list[NDArray[np.uint64]] = field(default_factory=list)

    @property
    def records(self) -> int:
        """All of them."""
        return self.sources.total()

    @property
    def persons(self) -> int:
        """Persons whose records they are."""
        return len(_distinct(self.people))


@dataclass
class Flows:
    """All records that fare otherwise, and the persons in either candidate."""

    by_kind: dict[str, Flow] = field(default_factory=lambda: {kind: Flow() for kind in (*KINDS, LEFT, RE_REASONED)})
    before: list[NDArray[np.uint64]] = field(default_factory=list)
    after: list[NDArray[np.uint64]] = field(default_factory=list)

    @property
    def entering(self) -> int:
        """Persons who have a row after and had none before."""
        return len(np.setdiff1d(_distinct(self.after), _distinct(self.before), assume_unique=True))

    @property
    def leaving(self) -> int:
        """Persons who had a row before and have none after."""
        return len(np.setdiff1d(_distinct(self.before), _distinct(self.after), assume_unique=True))


@dataclass(frozen=True)
class _Side:
    fate: NDArray[np.uint8]
    reason: NDArray[np.object_]
    subject: NDArray[np.uint64]


def flows(before: Watched, after: Watched, run: Run) -> Flows:
    """Compare the fates of all records; both sides hash subjects with one seed."""
    found = Flows()
    for stem, old, new in _together(_files(before, run), _files(after, run)):
        _count(found, stem.rsplit("-", 1)[0], old, new)
    return found


def _files(shared: Watched, run: Run) -> Iterator[tuple[str, Fates]]:
    pairs = sorted(shared.inputs.pairs(), key=lambda pair: (_stem(pair), pair.records.name))
    told = zip(pairs, run(fates.of_partition, shared, pairs, "review: fates"), strict=True)
    for stem, group in groupby(told, key=lambda one: _stem(one[0])):
        yield stem, _joined([one for _, one in group])


def _stem(pair: Pair) -> str:
    """Return what the names of a file's partitions begin with."""
    return pair.records.name.rsplit("-", 1)[0]


def _joined(parts: Sequence[Fates]) -> Fates:
    """Return the fates of a whole file, in the order of lines."""
    places: dict[str, int] = {}
    reasons = []
    for part in parts:
        new = np.array([places.setdefault(one, len(places)) for one in part.reasons], np.int32)
        reasons.append(new[part.reason])
    lines = np.concatenate([part.lines for part in parts])
    order = np.argsort(lines, kind="stable")
    fate, subject = np.concatenate([part.fate for part in parts]), np.concatenate([part.subject for part in parts])
    return Fates(lines[order], fate[order], np.concatenate(reasons)[order], subject[order], tuple(places))


def _together(
    before: Iterator[tuple[str, Fates]], after: Iterator[tuple[str, Fates]]
) -> Iterator[tuple[str, Fates | None, Fates | None]]:
    """Yield each file with its fates on both sides, None on the one that did not collect it; both come in order."""
    old, new = next(before, None), next(after, None)
    while old or new:
        stem = min(one[0] for one in (old, new) if one)
        mine, theirs = (one[1] if one and one[0] == stem else None for one in (old, new))
        yield stem, mine, theirs
        old = next(before, None) if mine is not None else old
        new = next(after, None) if theirs is not None else new


def _count(found: Flows, source: str, before: Fates | None, after: Fates | None) -> None:
    old, new = _laid_out(before, after)
    subject = np.where(new.fate != ABSENT, new.subject, old.subject)
    found.before.append(_people(old.subject[old.fate == ADMITTED]))
    found.after.append(_people(new.subject[new.fate == ADMITTED]))
    moved = new.fate != old.fate
    told = {
        kind: (moved & (new.fate == place), old if place in {ADMITTED, ABSENT} else new)
        for kind, place in KINDS.items()
    }
    told[LEFT] = (moved & (old.fate == ADMITTED), new)
    told[RE_REASONED] = (~moved & (new.reason != old.reason) & (new.fate != ADMITTED), new)
    for kind, (chosen, side) in told.items():
        rows = np.flatnonzero(chosen)
        if len(rows):
            flow = found.by_kind[kind]
            flow.sources[source] += len(rows)
            flow.reasons.update(_why(side.fate[rows], side.reason[rows]))
            flow.people.append(_people(subject[rows]))


def _laid_out(before: Fates | None, after: Fates | None) -> tuple[_Side, _Side]:
    """Return both sides over all lines that either has."""
    known = [one.lines for one in (before, after) if one is not None]
    lines = known[0] if len(known) == 1 else np.union1d(*known)
    return _over(lines, before), _over(lines, after)


def _over(lines: NDArray[np.int64], side: Fates | None) -> _Side:
    fate, reason = np.full(len(lines), ABSENT, np.uint8), np.full(len(lines), "", object)
    subject = np.zeros(len(lines), np.uint64)
    if side is not None:
        places = np.searchsorted(lines, side.lines)
        fate[places], subject[places] = side.fate, side.subject
        reason[places] = np.array(side.reasons, object)[side.reason]
    return _Side(fate, reason, subject)


def _why(fate: NDArray[np.uint8], reason: NDArray[np.object_]) -> Counter[str]:
    counts = Counter(zip(fate.tolist(), reason.tolist(), strict=True))
    return Counter({_words(WORDS[place], why): count for (place, why), count in counts.items()})


def _words(fate: str, why: str) -> str:
    return f"{fate}: {why}" if why and fate != "admitted" else fate


def _people(subjects: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return np.unique(subjects[subjects != 0])


def _distinct(parts: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.uint64)
