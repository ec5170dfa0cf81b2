"""Contribution bounding: at most so many records of one subject count, chosen by a keyed draw.

The draw of a record is its line number under AES-256 with a key of its file, so it depends on nothing but the record
and nobody without the key foresees it; of a subject's records those with the lowest draws are kept. Adding or removing
one subject therefore adds or removes at most `records` rows, which is the distance that the noise is measured against.
A file's key follows its content, so in a file without that subject everybody's draw is another one, of the same
distribution: to who has not the key it makes no difference.

For the same reason records count by the rules that judge each record alone: whether one is a duplicate, loses a
conflict, is unique or of the usual class depends on others, who may be other people. Records without a subject are left
out, for nothing bounds what one person adds to them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.privacy import rowid
from custody.privacy.cells import plain
from custody.privacy.gathering import subjects_of
from custody.privacy.merging import Merging

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custody.privacy.inputs import Inputs, Pair
    from custody.records.run import Run
    from custody.statistics.queries import Query

SUBJECT = "subject"
DRAW = ("draw!high", "draw!low")
_GLOBAL = frozenset({"duplicates", "conflicts"})
_GLOBAL_CHECKS = frozenset({"unique", "uniform"})


@dataclass(frozen=True)
class Job:
    """What every partition is read with."""

    inputs: Inputs = field(repr=False)
    queries: tuple[Query, ...]
    records: int


def bounded(inputs: Inputs, queries: tuple[Query, ...], records: int, run: Run) -> pa.Table:
    """Return one row per record that counts: subject, draw, and a column per query that looks at a column.

    The rows, but for their order, do not depend on how records are cut into partitions.
    """
    if inputs.privacy.subject is None:
        raise CustodyError("privacy.subject: is missing; the unit of privacy is the subject, so name its column")
    job = Job(replace(inputs, quarantining=_alone(inputs.quarantining)), queries, records)
    merging: Merging[pa.Table] = Merging(lambda parts: truncated(pa.concat_tables([_empty(job), *parts]), records), len)
    for part in run(contributions, job, inputs.pairs(), "statistics"):
        merging.add(part)
    return truncated(merging.total(), records)


def contributions(job: Job, pair: Pair) -> pa.Table:
    """Return what one partition contributes."""
    inputs, columns = job.inputs, {query.column for query in job.queries if query.column}
    wanted = {*columns, str(inputs.privacy.subject), "!file", "!line", *inputs.judged_columns()}
    table = inputs.read(pair, wanted)
    table = table.filter(pa.array(inputs.accepted(pair) & (inputs.withheld(table) == 0)))
    names = plain(subjects_of(inputs, table))
    found: dict[str, pa.Array] = {SUBJECT: names, **_draws(inputs, table)}
    for query in job.queries:
        if query.column is not None:
            found[query.name] = query.encode(plain(table.column(query.column)))
    return truncated(pa.table(found, schema=_empty(job).schema).filter(pc.is_valid(names)), job.records)


def truncated(table: pa.Table, records: int) -> pa.Table:
    """Return at most `records` rows of each subject, those with the lowest draws."""
    ordered = pl.DataFrame(table).sort([SUBJECT, *DRAW])
    kept = ordered.group_by(SUBJECT, maintain_order=True).head(records).select(table.column_names)
    return kept.to_arrow().cast(table.schema)


def _draws(inputs: Inputs, table: pa.Table) -> dict[str, pa.Array]:
    files, lines = plain(table.column("!file")), table.column("!line").to_numpy()
    draws = np.zeros((len(lines), 2), dtype=np.uint64)
    for file in pc.unique(files).to_pylist():
        rows = pc.equal(files, file).to_numpy(zero_copy_only=False)
        draws[rows] = rowid.blocks(inputs.collected.zone.derive(f"contribution/{file}"), lines[rows])
    return {name: pa.array(draws[:, place]) for place, name in enumerate(DRAW)}


def _alone(rules: Iterable[str]) -> tuple[str, ...]:
    """Return the rules that judge each record by itself."""
    return tuple(rule for rule in rules if rule not in _GLOBAL and rule.rpartition(".")[2] not in _GLOBAL_CHECKS)


def _empty(job: Job) -> pa.Table:
    kinds = {SUBJECT: pa.string(), **dict.fromkeys(DRAW, pa.uint64())}
    for query in job.queries:
        if query.column is not None:
            kinds[query.name] = pa.string() if query.kind == "discover" else pa.int64()
    return pa.schema(kinds).empty_table()
