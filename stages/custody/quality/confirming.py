"""Confirm by value what hashes suspect: records with equal hashes are compared, and only those.

Hashes that occur once are told apart already. Of every other one the different values that stand behind it are fetched
from the partitions; where there are several, all but one get a hash of their own, so that from then on equal hashes
mean equal values.
"""

from __future__ import annotations

from dataclasses import replace
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
"""Suspected hashes of a rule that are looked at in one pass over the partitions: their values are held in memory."""
HASH, ROW, PART = "!hash", "!row", "!part"
Rows: TypeAlias = NDArray[np.int64]
Wanted: TypeAlias = dict[str, tuple[Rows, "Prints"]]
"""By rule id: rows of a partition, and the hash of each."""
Values: TypeAlias = dict[str, pl.DataFrame]
"""By rule id: the compared columns of these rows with their hash; rows alike once, or each with its number."""
Look: TypeAlias = "Callable[[Sequence[tuple[int, Wanted]], bool], Iterable[Values]]"
"""Fetch values from partitions, by their number; with True, the number of each row, too."""


def confirm(parts: Sequence[Judged], plan: Plan, look: Look) -> list[Judged]:
    """Return the partitions with fingerprints that are equal exactly where the values are."""
    ids = [rule.id for rule in plan.rules if parts and all(rule.id in part.marks for part in parts)]
    suspects = {id_: _suspects(parts, id_) for id_ in ids}
    collided: dict[str, list[Prints]] = {id_: [] for id_ in ids}
    for start in range(0, max(map(len, suspects.values()), default=0), MOST):
        batch = {id_: found[start : start + MOST] for id_, found in suspects.items() if len(found) > start}
        for id_, values in _fetched(parts, batch, look, numbered=False).items():
            several = values.unique().filter(pl.col(HASH).is_duplicated())
            collided[id_].append(several.get_column(HASH).unique().to_numpy())
    found = {id_: np.sort(np.concatenate(some)) for id_, some in collided.items() if sum(map(len, some))}
    confirmed = list(parts)
    for id_, values in _fetched(parts, found, look, numbered=True).items() if found else ():
        confirmed = _apart(confirmed, id_, values)
    return confirmed


def over(collected: Folder, partitions: Sequence[Partition], plan: Plan, run: Run) -> Look:
    """Return how values are fetched from a collected folder."""

    def look(wanted: Sequence[tuple[int, Wanted]], numbered: bool) -> Iterator[Values]:  # noqa: FBT001  # a type's own
        items = [(partitions[i], one) for i, one in wanted]
        return run(_read, (collected, plan, numbered), items, "validate: compare")

    return look


def values(table: pa.Table, plan: Plan, wanted: Wanted, *, numbered: bool) -> Values:
    """Take what is wanted out of a collected partition."""
    found, columns = {}, _columns(plan, wanted)
    frame = fingerprints.frame(table, sorted({name for some in columns.values() for name in some}))
    for id_, (rows, hashes) in wanted.items():
        part = fingerprints.chosen(frame, columns[id_])[rows].with_columns(pl.Series(HASH, hashes))
        found[id_] = part.with_columns(pl.Series(ROW, rows)) if numbered else part.unique()
    return found


def _read(shared: tuple[Folder, Plan, bool], item: tuple[Partition, Wanted]) -> Values:
    (collected, plan, numbered), (partition, wanted) = shared, item
    needs = {name for some in _columns(plan, wanted).values() for name in some}
    return values(collected.read(partition, needs | set(map(raw, needs))), plan, wanted, numbered=numbered)


def _columns(plan: Plan, wanted: Wanted) -> dict[str, tuple[str, ...]]:
    return {rule.id: compared(rule, plan) for rule in plan.rules if rule.id in wanted}


def _suspects(parts: Sequence[Judged], id_: str) -> Prints:
    """Return the hashes that occur more than once, sorted."""
    hashes = np.concatenate([part.marks[id_].prints for part in parts])
    return np.unique(hashes[groups.candidates(hashes)])


def _fetched(parts: Sequence[Judged], hashes: dict[str, Prints], look: Look, *, numbered: bool) -> Values:
    """Return the values behind these hashes, given sorted, from all partitions that have one."""
    wanted = [(i, one) for i, part in enumerate(parts) if (one := _wanted(part, hashes))]
    found: dict[str, list[pl.DataFrame]] = {id_: [] for id_ in hashes}
    for (i, _), part in zip(wanted, look(wanted, numbered), strict=True):
        for id_, frame in part.items():
            found[id_].append(frame.with_columns(pl.lit(i).alias(PART)) if numbered else frame)
    return {id_: pl.concat(frames, how="diagonal_relaxed") for id_, frames in found.items()}


def _wanted(part: Judged, hashes: dict[str, Prints]) -> Wanted:
    found = {}
    for id_, some in hashes.items():
        own = part.marks[id_].prints
        places = np.minimum(np.searchsorted(some, own), len(some) - 1)
        mine = np.flatnonzero(some[places] == own)
        if len(mine):
            found[id_] = np.flatnonzero(unpack(part.marks[id_].where, part.rows))[mine], own[mine]
    return found


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
