"""What became of every record under one policy: its line, its fate, why, and whose it is, as a keyed hash.

The reasons that quarantine and withhold are those of the verdicts and of `privacy.withhold`; who of the records that
may be used has no row in the candidate was suppressed. No value leaves this module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy import rowid, suppressing, withhold
from custody.privacy.candidate import LINEAGE, ROW_ID
from custody.privacy.gathering import subjects_of
from custody.privacy.inputs import open_inputs
from custody.privacy.risk.groups import people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.history.effect.running import Cell
    from custody.privacy.inputs import Inputs, Pair
    from custody.privacy.rowid import Blocks
    from custody.records.folder import Folder, Partition

ABSENT, QUARANTINED, WITHHELD, SUPPRESSED, ADMITTED = range(5)
GROUP: Final = "group"
"""Suppressed, since the group of the record misses what the policy asks of groups."""


@dataclass(frozen=True)
class Watched:
    """A cell, opened to tell the fates of its records; a plain value, so that a worker process can have it."""

    inputs: Inputs
    candidate: Folder
    seed: int = field(repr=False)
    """Of the hashes of subjects; the same for all that is compared."""


@dataclass(frozen=True)
class Fates:
    """Of the records of one file, or a part of it, in the order of lines; one entry per record in each array."""

    lines: NDArray[np.int64]
    fate: NDArray[np.uint8]
    reason: NDArray[np.int32]
    """Place in `reasons`."""
    subject: NDArray[np.uint64]
    """0 where there is none."""
    reasons: tuple[str, ...]


def watched(cell: Cell, seed: int | None = None) -> Watched:
    """Open a cell; without a seed, hashes of subjects have the cell's own."""
    inputs = open_inputs(cell.collected, cell.validated, cell.policy.dataset, cell.policy.privacy)
    return Watched(inputs, cell.candidate, inputs.seeds.subject if seed is None else seed)


def of_partition(shared: Watched, pair: Pair) -> Fates:
    """Return the fates of the records of one partition."""
    inputs, privacy = shared.inputs, shared.inputs.privacy
    needed = {*LINEAGE, *inputs.judged_columns(), *([str(privacy.subject)] if privacy.subject else [])}
    table = inputs.read(pair, needed)
    broken, names = _quarantined(inputs, pair)
    withheld, left = inputs.withheld(table), inputs.suppressed(table)
    usable = (broken == 0) & (withheld == 0) & (left == 0)
    admitted = _admitted(shared, pair, table, usable)
    listed = (*names, *withhold.REASONS, *suppressing.reasons(privacy), GROUP)
    first, second = len(names), len(names) + len(withhold.REASONS)
    cases = [broken > 0, withheld > 0, left > 0, ~admitted]
    words = [np.full(len(usable), one, np.uint8) for one in (QUARANTINED, WITHHELD, SUPPRESSED, SUPPRESSED)]
    fate = np.select(cases, words, np.uint8(ADMITTED))
    group = np.full(len(usable), len(listed) - 1, np.int32)
    places = [broken, first + withheld.astype(np.int32) - 1, second + left.astype(np.int32) - 1, group]
    reason = np.select(cases, places, np.int32(0))
    subjects = people(subjects_of(inputs, table), shared.seed) if privacy.subject else np.zeros(len(fate), np.uint64)
    return Fates(table.column(LINEAGE[2]).to_numpy(), fate, reason, subjects, listed)


def _quarantined(inputs: Inputs, pair: Pair) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return, per record, the place of the rules that it breaks among those named; 0 for none."""
    if not inputs.quarantining:
        return np.zeros(pair.records.rows, np.int32), ("",)
    verdicts = inputs.validated.read(pair.verdicts, inputs.quarantining)
    filled = [pc.fill_null(verdicts.column(name), True).to_numpy() for name in inputs.quarantining]  # noqa: FBT003  # a value
    packed = np.packbits(np.column_stack(filled), axis=1)
    rows = np.flatnonzero(packed.any(axis=1))
    found, places = np.unique(packed[rows], axis=0, return_inverse=True)
    sets = np.unpackbits(found, axis=1)[:, : len(filled)].astype(bool)
    names = tuple(" + ".join(np.array(inputs.quarantining)[one]) for one in sets)
    broken = np.zeros(len(packed), np.int32)
    broken[rows] = places.reshape(-1) + 1
    return broken, ("", *names)


def _admitted(shared: Watched, pair: Pair, table: pa.Table, usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which records have a row in the candidate."""
    partition = next((one for one in shared.candidate.partitions if one.name == pair.records.name), None)
    if partition is None:
        return np.zeros(len(usable), np.bool_)
    if partition.rows == np.count_nonzero(usable):
        return usable
    rows = np.flatnonzero(usable)
    texts = rowid.text(_ids(shared.inputs, table.select(list(LINEAGE)).take(pa.array(rows))))
    there = pc.is_in(texts, value_set=_rows_of(shared.candidate, partition))
    admitted = np.zeros(len(usable), np.bool_)
    admitted[rows] = there.to_numpy(zero_copy_only=False)
    return admitted


def _ids(inputs: Inputs, lineage: pa.Table) -> Blocks:
    source, file = (pc.unique(lineage.column(name)).to_pylist()[0] for name in LINEAGE[:2])
    return rowid.row_ids(inputs.collected.zone, inputs.dataset, source, file, lineage.column(LINEAGE[2]).to_numpy())


def _rows_of(candidate: Folder, partition: Partition) -> pa.Array:
    return candidate.read(partition, [ROW_ID]).column(ROW_ID).combine_chunks()
