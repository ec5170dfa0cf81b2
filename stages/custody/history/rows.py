"""How the rows of two releases differ: joined by row id, counted by source and reason. No value comes out.

A row id is keyed and stands for a line of one source file, so it joins rows of two releases while the file, the key,
the data set's name and the pseudonym epochs are the same. Of a file that is another one, rows are joined by equal
values in all columns instead, each row once.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from custody.history.counts import IDS, POLICY, Counts, source_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROW_ID: Final = "row_id"


def compare(
    before: Mapping[str, pa.Table], after: Mapping[str, pa.Table], why: Callable[[str], str]
) -> dict[str, Counts]:
    """Return the counts by source; tables are given by the name of their partition.

    `why` says why a whole partition of a source is in one of the releases alone.
    """
    found: dict[str, Counts] = {}
    alone: dict[str, tuple[list[pa.Table], list[pa.Table]]] = {}
    for name in sorted({*before, *after}):
        source = source_of(name)
        found.setdefault(source, Counts())
        if name in before and name in after:
            found[source] += _joined(before[name], after[name])
        elif name in before:
            alone.setdefault(source, ([], []))[0].append(before[name])
        else:
            alone.setdefault(source, ([], []))[1].append(after[name])
    for source, (lost, gained) in alone.items():
        reason, moved = why(source), _equal(lost, gained)
        removed, added = (sum(table.num_rows for table in side) - moved for side in (lost, gained))
        found[source] += Counts(moved=moved, added=Counter({reason: added}), removed=Counter({reason: removed}))
    return found


def _joined(before: pa.Table, after: pa.Table) -> Counts:
    place = pc.index_in(after.column(ROW_ID), value_set=before.column(ROW_ID).combine_chunks())
    there = pc.is_valid(place)
    both = int(pc.sum(there).as_py() or 0)
    reason = POLICY if both or not (before.num_rows and after.num_rows) else IDS
    old, new = before.take(place.drop_null()), after.filter(there)
    changed = pa.chunked_array([pa.array([False] * both, pa.bool_())])
    columns: Counter[str] = Counter()
    for name in common(before, after):
        differs = _differs(old.column(name), new.column(name))
        if differing := int(pc.sum(differs).as_py() or 0):
            columns[name] += differing
            changed = pc.or_(changed, differs)
    rows = int(pc.sum(changed).as_py() or 0)
    added, removed = Counter({reason: after.num_rows - both}), Counter({reason: before.num_rows - both})
    return Counts(both - rows, 0, rows, added, removed, columns)


def common(before: pa.Table, after: pa.Table) -> list[str]:
    """Return the columns that both have, sorted, without the row id."""
    return sorted({*before.column_names} & {*after.column_names} - {ROW_ID})


def _differs(old: pa.ChunkedArray, new: pa.ChunkedArray) -> pa.ChunkedArray:
    """Say per row whether a value differs; two nulls are equal, and so are two NaN."""
    if old.type != new.type:
        return pc.or_(pc.is_valid(old), pc.is_valid(new))
    unequal = pc.fill_null(pc.not_equal(old, new), False)  # noqa: FBT003  # a value
    if pa.types.is_floating(old.type):
        nan = pc.fill_null(pc.and_(pc.is_nan(old), pc.is_nan(new)), False)  # noqa: FBT003  # a value
        unequal = pc.and_not(unequal, nan)
    return pc.or_(unequal, pc.xor(pc.is_valid(old), pc.is_valid(new)))


def _equal(lost: Sequence[pa.Table], gained: Sequence[pa.Table]) -> int:
    """Return how many rows of one side have a partner of equal values on the other, each row once."""
    if not lost or not gained:
        return 0
    names = common(lost[0], gained[0])
    if not names or any(lost[0].schema.field(name).type != gained[0].schema.field(name).type for name in names):
        return 0
    sides = [*((table, 1) for table in lost), *((table, 0) for table in gained)]
    marked = [
        table.select(names).append_column("!", pa.array([side] * table.num_rows, pa.int64())) for table, side in sides
    ]
    groups = pa.concat_tables(marked).group_by(names).aggregate([("!", "sum"), ("!", "count")])
    old = groups.column("!_sum")
    return int(pc.sum(pc.min_element_wise(old, pc.subtract(groups.column("!_count"), old))).as_py() or 0)
