"""Confirm by value what hashes suspect: records with equal hashes are compared, and only those.

Hashes that occur once are told apart already, and records alike within a partition were compared there (`alike`). Of
every other hash the different values that stand behind it are fetched from the partitions; where there are several, all
but one get a hash of their own, so that from then on equal hashes mean equal values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from custody.quality import fingerprints, groups
from custody.quality.bits import unpack
from custody.quality.judging import compared
from custody.records.columns import raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa

    from custody.quality.fingerprints import Prints
    from custody.quality.judging import Judged, Plan
    from custody.records.folder import Folder, Partition
    from custody.records.run import Run

MOST: Final = 1 << 18
"""Suspected records of a rule, about, of which one pass over the partitions brings the values into memory."""
FEW: Final = 4_096
"""Rows of a partition that are brought as they are; of more, those alike once."""
HASH, ROW, PART = "!hash", "!row", "!part"
Rows: TypeAlias = NDArray[np.int64]
Wanted: TypeAlias = dict[str, tuple[Rows, "Prints"]]
"""By rule id: rows of a partition, and the hash of each."""
Values: TypeAlias = dict[str, pl.DataFrame]
"""By rule id: the compared columns of these rows with their hash; rows alike once, or each with its number."""
Look: TypeAlias = "Callable[[Sequence[tuple[int, Wanted]], bool], Iterable[Values]]"
"""Fetch values from partitions, by their number; with True, the number of each row, too."""


def confirm(parts: Sequence[Judged], plan: Plan, look: Look) -> list[Judged]:
    """Return the partitions with fingerprints that are equal exactly where the values are, and which of them repeat."""
    ids = [rule.id for rule in plan.rules if parts and all(rule.id in part.marks for part in parts)]
    suspects = {id_: _suspects(parts, id_) for id_ in ids}
    left = {id_: _left(parts, id_, one) for id_, one in suspects.items()}
    collided: dict[str, list[Prints]] = {id_: [] for id_ in ids}
    for turn in range(max((one.turns for one in left.values()), default=0)):
        batch = {id_: one.turn(turn) for id_, one in left.items() if turn < one.turns}
        for id_, found in _fetched(parts, batch, look, numbered=False).items():
            hashes = found.unique().get_column(HASH)
            collided[id_].append(hashes.filter(hashes.is_duplicated()).unique().to_numpy())
    confirmed = _noted(parts, suspects)
    again = {id_: suspects[id_].of(np.concatenate(some)) for id_, some in collided.items() if sum(map(len, some))}
    for id_, found in _fetched(parts, again, look, numbered=True).items():
        confirmed = _apart(confirmed, id_, found)
    return confirmed


def over(collected: Folder, partitions: Sequence[Partition], plan: Plan, run: Run) -> Look:
    """Return how values are fetched from a collected folder."""

    def look(wanted: Sequence[tuple[int, Wanted]], numbered: bool) -> Iterator[Values]:  # noqa: FBT001  # a type's own
        items = [(partitions[i], one) for i, one in wanted]
        return run(_read, (collected, plan, numbered), items, "validate: compare")

    return look


def values(table: pa.Table, plan: Plan, wanted: Wanted, *, numbered: bool) -> Values:
    """Take what is wanted out of a collected partition."""
    found = {}
    for id_, columns in _columns(plan, wanted).items():
        rows, hashes = wanted[id_]
        frame = fingerprints.frame(table, columns, rows).hstack([pl.Series(HASH, hashes)])
        alike = frame.unique() if len(rows) > FEW else frame
        found[id_] = frame.hstack([pl.Series(ROW, rows)]) if numbered else alike
    return found


def _read(shared: tuple[Folder, Plan, bool], item: tuple[Partition, Wanted]) -> Values:
    (collected, plan, numbered), (partition, wanted) = shared, item
    needs = {name for some in _columns(plan, wanted).values() for name in some}
    table = collected.read(partition, needs | set(map(raw, needs)), coded=True)
    return values(table, plan, wanted, numbered=numbered)


def _columns(plan: Plan, wanted: Wanted) -> dict[str, tuple[str, ...]]:
    return {rule.id: compared(rule, plan) for rule in plan.rules if rule.id in wanted}


@dataclass(frozen=True)
class _Suspects:
    """Where hashes of a rule stand that occur more than once, counted through all records that take part in it."""

    places: Rows
    hashes: Prints

    @property
    def turns(self) -> int:
        return -(-len(self.places) // MOST)

    def turn(self, number: int) -> _Suspects:
        """Return one part of the suspects, all that share a hash together."""
        if self.turns == 1:
            return self
        mine = self.hashes % np.uint64(self.turns) == number
        return _Suspects(self.places[mine], self.hashes[mine])

    def of(self, hashes: Prints) -> _Suspects:
        mine = np.isin(self.hashes, hashes)
        return _Suspects(self.places[mine], self.hashes[mine])


def _suspects(parts: Sequence[Judged], id_: str) -> _Suspects:
    hashes = np.concatenate([part.marks[id_].prints for part in parts])
    places = groups.candidates(hashes)
    return _Suspects(places, hashes[places])


def _left(parts: Sequence[Judged], id_: str, suspects: _Suspects) -> _Suspects:
    """Leave out the suspects that are known to be alike one before them, and those that share a hash with no other."""
    marks = [part.marks[id_] for part in parts]
    starts = np.cumsum([0, *(len(mark.prints) for mark in marks)])
    known = np.concatenate([mark.alike + start for mark, start in zip(marks, starts, strict=False)])
    places = np.delete(suspects.places, np.searchsorted(suspects.places, known))
    hashes = np.delete(suspects.hashes, np.searchsorted(suspects.places, known))
    several = groups.candidates(hashes)
    return _Suspects(places[several], hashes[several])


def _noted(parts: Sequence[Judged], suspects: dict[str, _Suspects]) -> list[Judged]:
    """Return the partitions, each with its suspects."""
    marks = [dict(part.marks) for part in parts]
    for id_, one in suspects.items():
        for i, start, mine in _cut(parts, id_, one):
            marks[i][id_] = replace(marks[i][id_], suspects=one.places[mine] - start)
    return [replace(part, marks=own) for part, own in zip(parts, marks, strict=True)]


def _cut(parts: Sequence[Judged], id_: str, suspects: _Suspects) -> Iterator[tuple[int, int, slice]]:
    """Yield each partition's number, what stands before it, and which of the suspects are in it."""
    ends = np.cumsum([len(part.marks[id_].prints) for part in parts]).tolist()
    cuts = np.searchsorted(suspects.places, [0, *ends]).tolist()
    for i, before in enumerate([0, *ends[:-1]]):
        yield i, before, slice(cuts[i], cuts[i + 1])


def _fetched(parts: Sequence[Judged], suspects: dict[str, _Suspects], look: Look, *, numbered: bool) -> Values:
    """Return the values behind suspected hashes, from all partitions that have one."""
    wanted: dict[int, Wanted] = {}
    for id_, one in suspects.items():
        for i, start, mine in _cut(parts, id_, one):
            rows = one.places[mine] - start
            if len(rows):
                where = parts[i].marks[id_].where
                whole = len(parts[i].marks[id_].prints) == parts[i].rows
                rows = rows if whole else np.flatnonzero(unpack(where, parts[i].rows))[rows]
                wanted.setdefault(i, {})[id_] = rows, one.hashes[mine]
    found: dict[str, list[pl.DataFrame]] = {id_: [] for id_ in suspects}
    items = sorted(wanted.items())
    for (i, _), values_ in zip(items, look(items, numbered) if items else (), strict=True):
        for id_, frame in values_.items():
            found[id_].append(frame.with_columns(pl.lit(i).alias(PART)) if numbered else frame)
    return {id_: pl.concat(frames, how="diagonal_relaxed") for id_, frames in found.items() if frames}


def _apart(parts: Sequence[Judged], id_: str, values: pl.DataFrame) -> list[Judged]:
    """Give each value behind one hash, but the first, a hash that no other record has."""
    columns = [name for name in values.columns if name not in {ROW, PART}]
    alike = values.group_by(columns, maintain_order=True).agg(ROW, PART)
    alike = alike.filter(~pl.col(HASH).is_first_distinct())
    used = np.concatenate([part.marks[id_].prints for part in parts])
    fresh = np.setdiff1d(np.arange(len(used) + alike.height, dtype=np.uint64), used)[: alike.height]
    moved = alike.with_columns(pl.Series(HASH, fresh)).select(HASH, ROW, PART).explode(ROW, PART)
    return [_moved(part, id_, moved.filter(pl.col(PART) == i)) for i, part in enumerate(parts)]


def _moved(part: Judged, id_: str, moved: pl.DataFrame) -> Judged:
    marks = part.marks[id_]
    rows = np.flatnonzero(unpack(marks.where, part.rows))
    prints = marks.prints.copy()
    prints[np.searchsorted(rows, moved.get_column(ROW).to_numpy())] = moved.get_column(HASH).to_numpy()
    return replace(part, marks={**part.marks, id_: replace(marks, prints=prints)})
