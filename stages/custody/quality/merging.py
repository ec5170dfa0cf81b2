"""Bring together what partitions say: the verdict of every record by every rule, however the records were cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custody.quality import bits, conflicts, duplicates, missing
from custody.quality.checks import uniform, unique
from custody.quality.rules import CONFLICTS, DUPLICATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from custody.quality.bits import Bits, Mask
    from custody.quality.judging import Judged, Marks, Reason
    from custody.quality.rules import Rule


@dataclass(frozen=True)
class Tally:
    """What became of one rule over all records."""

    evaluated: int
    broken: int
    reason: Reason | None = None
    """Why the rule was not evaluated; then both counts are 0."""


@dataclass(frozen=True)
class Merged:
    """Verdicts of all partitions, in their order, and the figures of all rules."""

    verdicts: tuple[NDArray[np.uint8], ...]
    """Per partition one row of packed bits per rule, in the order of rules."""
    rows: tuple[int, ...]
    tallies: dict[str, Tally]
    missing: dict[str, int]
    """Records that lack each column of the schema."""

    def broken_by_any(self, rules: Sequence[Rule], ids: Sequence[str]) -> int:
        """Return how many records break at least one of the rules in `ids`."""
        chosen = [i for i, rule in enumerate(rules) if rule.id in ids]
        return sum(bits.count(np.bitwise_or.reduce(verdict[chosen], axis=0)) for verdict in self.verdicts)


def merge(parts: Sequence[Judged], rules: Sequence[Rule]) -> Merged:
    """Merge partitions, given in the order of their names; a rule that failed on one of them was not evaluated.

    Fingerprints are taken for the values that they stand for: `custody.quality.confirming` sees to that.
    """
    verdicts = tuple(np.zeros((len(rules), (part.rows + 7) // 8), dtype=np.uint8) for part in parts)
    tallies = {}
    for i, rule in enumerate(rules):
        reason = _reason(rule, parts)
        if reason is not None:
            tallies[rule.id] = Tally(0, 0, reason)
            continue
        for verdict, broken in zip(verdicts, _broken(rule, parts), strict=True):
            verdict[i] = broken
        evaluated = sum(part.evaluated[rule.id] for part in parts)
        tallies[rule.id] = Tally(evaluated, sum(bits.count(verdict[i]) for verdict in verdicts))
    return Merged(verdicts, tuple(part.rows for part in parts), tallies, missing.merge(part.missing for part in parts))


def _reason(rule: Rule, parts: Sequence[Judged]) -> Reason | None:
    """Why the rule cannot be judged over all records; conflicts compare the values that duplicates hashed."""
    needed = (rule.id, DUPLICATES) if rule.check == CONFLICTS else (rule.id,)
    found = {part.failed[id_] for part in parts for id_ in needed if id_ in part.failed}
    if found:
        return "column_missing" if "column_missing" in found else ", ".join(sorted(found))
    return None if any(part.evaluated[rule.id] for part in parts) else "nothing_evaluated"


def _broken(rule: Rule, parts: Sequence[Judged]) -> Sequence[Bits]:
    if rule.check == "uniform":
        return _unusual([part.classes[rule.id] for part in parts])
    if rule.check == DUPLICATES:
        return _spread(duplicates.broken(*_compared(parts, rule.id)), parts, rule.id)
    if rule.check == CONFLICTS:
        return _spread(_conflicts(parts), parts, rule.id)
    if rule.check == "unique":
        return _spread(unique.broken(_prints(parts, rule.id), _suspects(parts, rule.id)), parts, rule.id)
    return [part.broken[rule.id] for part in parts]


def _unusual(classes: Sequence[tuple[Bits, ...]]) -> list[Bits]:
    """Return, per partition, the values that are not of the column's usual class."""
    usual = uniform.usual([sum(bits.count(part[kind]) for part in classes) for kind in range(len(classes[0]))])
    return [np.bitwise_or.reduce([one for kind, one in enumerate(part) if kind != usual]) for part in classes]


def _conflicts(parts: Sequence[Judged]) -> Mask:
    values = [part.marks[DUPLICATES].prints[_where(part, CONFLICTS)] for part in parts]
    keys, preferred, among = _compared(parts, CONFLICTS)
    return conflicts.broken(keys, np.concatenate(values), preferred, among)


def _compared(
    parts: Sequence[Judged], rule: str
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64] | None]:
    numbers = np.concatenate([one for part in parts if (one := part.marks[rule].numbers) is not None])
    return _prints(parts, rule), numbers, _suspects(parts, rule)


def _prints(parts: Sequence[Judged], rule: str) -> NDArray[np.uint64]:
    return np.concatenate([part.marks[rule].prints for part in parts])


def _suspects(parts: Sequence[Judged], rule: str) -> NDArray[np.int64] | None:
    marks = [part.marks[rule] for part in parts]
    starts = np.cumsum([0, *(len(mark.prints) for mark in marks)])
    known = [mark.suspects + start for mark, start in zip(marks, starts, strict=False) if mark.suspects is not None]
    return np.concatenate(known) if len(known) == len(parts) else None


def _where(part: Judged, rule: str) -> Mask:
    mark: Marks = part.marks[rule]
    return bits.unpack(mark.where, part.rows)


def _spread(broken: Mask, parts: Sequence[Judged], rule: str) -> list[Bits]:
    """Lay a mask over the records that took part back over all records of each partition."""
    spread, start = [], 0
    for part in parts:
        where = _where(part, rule)
        end = start + int(np.count_nonzero(where))
        whole = np.zeros(part.rows, dtype=np.bool_)
        whole[where] = broken[start:end]
        spread.append(bits.pack(whole))
        start = end
    return spread
