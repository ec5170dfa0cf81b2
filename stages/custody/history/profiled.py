"""Parts of the anchor that say how the pinned version's records are distributed: `profile` and `balance`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa

from custody.quality.balance import labels_of
from custody.quality.profile import merge, stored
from custody.quality.profile import profile as of_partition

if TYPE_CHECKING:
    from custody.history.accepted import Accepted


def profile(accepted: Accepted) -> pa.Table:
    """Return the profile of every column (`custody.quality.profile.stored`)."""
    parts = [of_partition(table, accepted.schema) for table in accepted.tables()]
    return stored.table(merge(parts), stored.Hashes.of(accepted.zone))


def balance(accepted: Accepted) -> pa.Table:
    """Return how many records each source has of each label: `source`, `label` (keyed hash), `records`.

    Empty where the policy names no `quality.label`; a record without a label counts under the empty one.
    """
    column, hashes = accepted.policy.quality.label, stored.Hashes.of(accepted.zone)
    counts: Counter[tuple[str, str]] = Counter()
    for table in accepted.tables():
        counts.update(labels_of(table, column) if column and column in table.column_names else {})
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
