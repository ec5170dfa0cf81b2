"""Parts of the anchor that say how the pinned version is distributed, and how long its files were."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.quality import watch
from custody.quality.classes import Classes
from custody.quality.prefix import Checksum
from custody.quality.profile import merge, stored
from custody.quality.profile import profile as of_partition

if TYPE_CHECKING:
    from custody.history.accepted import Accepted


def parts(accepted: Accepted) -> dict[str, pa.Table]:
    """Return `profile`, `balance` and `files`."""
    return {"profile": profile(accepted), "balance": balance(accepted), "files": files(accepted)}


def files(accepted: Accepted) -> pa.Table:
    """Return each collected file's source, number of records and keyed checksum (`custody.quality.prefix`)."""
    checksum, places = Checksum.of(accepted.zone), watch.places(sorted(accepted.opened.collected.partitions))
    sums: Counter[tuple[str, str]] = Counter()
    rows: Counter[tuple[str, str]] = Counter()
    for partition in sorted(accepted.opened.collected.partitions):
        place, table = places[partition.name], accepted.opened.collected.read(partition)
        numbers = checksum.records(table, accepted.schema, place.in_file)
        sums[place.source, place.file] += int(numbers.sum(dtype=np.uint64))
        rows[place.source, place.file] += table.num_rows
    found = sorted((source, rows[source, file], f"{total % 2**64:016x}") for (source, file), total in sums.items())
    return pa.table(
        {
            "source": pa.array([source for source, _, _ in found], pa.string()),
            "rows": pa.array([count for _, count, _ in found], pa.int64()),
            "checksum": pa.array([one for _, _, one in found], pa.string()),
        }
    )


def profile(accepted: Accepted) -> pa.Table:
    """Return the profile of every column (`custody.quality.profile.stored`)."""
    found = [of_partition(table, accepted.schema) for table in accepted.tables()]
    return stored.table(merge(found), stored.Hashes.of(accepted.zone))


def balance(accepted: Accepted) -> pa.Table:
    """Return how many records each source has of each label: `source`, `label` (keyed hash), `records`.

    Empty where the policy names no `quality.label`; a record without a label counts under the empty one.
    """
    column, hashes = accepted.policy.quality.label, stored.Hashes.of(accepted.zone)
    counts: Counter[tuple[str, str]] = Counter()
    for table in accepted.tables():
        counts.update(Classes.of(table, column).counts() if column else {})
    rows = sorted(
        (source, hashes.of_text(str(column), label) if label else "", count)
        for (source, label), count in counts.items()
    )
    return pa.table(
        {
            "source": pa.array([source for source, _, _ in rows], pa.string()),
            "label": pa.array([label for _, label, _ in rows], pa.string()),
            "records": pa.array([count for _, _, count in rows], pa.int64()),
        }
    )
