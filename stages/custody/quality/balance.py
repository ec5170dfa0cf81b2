"""How many records each source has of each label."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from custody.records.columns import SOURCE


def labels_of(table: pa.Table, label: str) -> Counter[tuple[str, str]]:
    """Count the records of a partition by source and label; a missing label, or one that is no value, is empty."""
    texts = pc.fill_null(table.column(label).cast(pa.string()), "")
    grouped = pa.table({"source": table.column(SOURCE), "label": texts}).group_by(
        ["source", "label"], use_threads=False
    )
    counted = grouped.aggregate([([], "count_all")])
    keys = zip(counted.column("source").to_pylist(), counted.column("label").to_pylist(), strict=True)
    return Counter(dict(zip(keys, counted.column("count_all").to_pylist(), strict=True)))
