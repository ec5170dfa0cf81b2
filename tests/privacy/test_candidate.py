"""Which columns of a written candidate are searched for names."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from custody.privacy import candidate, rowid
from custody.privacy.leaks.readback import read_back
from custody.records import parquet

IDS = rowid.text(rowid.blocks(b"k" * 32, np.arange(1, 9, dtype=np.int64)))


def searched(ids: pa.Array) -> list[str]:
    """Return the columns of a file with these ids that are searched, where `IDS` are those that were made."""
    written = parquet.encode(pa.table({candidate.ROW_ID: ids, "area": ["north"] * len(ids)}))
    names: list[str] = candidate._but_for_ids(read_back(written, "one"), pa.chunked_array([IDS])).table.column_names
    return names


def test_ids_that_the_key_makes_are_not() -> None:
    assert searched(IDS) == ["area"]


@pytest.mark.parametrize(
    "ids",
    [pa.array(["anna.smith", *IDS.to_pylist()[1:]]), pa.array(IDS.to_pylist()[::-1]), pa.array(["anna.smith"] * 8)],
    ids=["one is a name", "another order", "names in a dictionary"],
)
def test_any_other_ids_are(ids: pa.Array) -> None:
    assert searched(ids) == ["row_id", "area"]
