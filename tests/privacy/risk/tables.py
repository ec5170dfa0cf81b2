"""Rows of (group, subject, sensitive value) as the summary that is merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from hypothesis import strategies as st

from custody.privacy import risk
from custody.privacy.risk.sensitive import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privacy.risk.brute import Row

SEED = 0x1234_5678_9ABC_DEF0
NAMES = ["ann", "bob", "cid", "dan", "eve", "fay"]
ROWS: st.SearchStrategy[list[Row]] = st.lists(
    st.tuples(
        st.sampled_from(["x", "y", "z", None]),
        st.sampled_from([*NAMES, None]),
        st.sampled_from(["flu", "cold", "", None]),
    ),
    max_size=40,
)
NUMBERS: st.SearchStrategy[list[Row]] = st.lists(
    st.tuples(
        st.sampled_from(["x", "y", "z"]),
        st.sampled_from([*NAMES, None]),
        st.sampled_from([-2.5, -1.0, 0.0, 1e-300, 3.0, 1e300, None]),
    ),
    max_size=40,
)


def column(values: list[str | None] | list[str | float | None]) -> pa.ChunkedArray:
    texts = any(isinstance(value, str) for value in values)
    return pa.chunked_array([pa.array(values, pa.string() if texts else pa.float64())])


def summary(rows: Sequence[Row], ordered: bool | tuple[str, ...] = False) -> risk.Groups:  # noqa: FBT001, FBT002  # as the policy
    """Return the summary; texts where a column holds any."""
    groups = risk.groups_of(pa.table({"area": pa.array([row[0] for row in rows], pa.string())}), SEED)
    subjects = pa.chunked_array([pa.array([row[1] for row in rows], pa.string())])
    return risk.summarize(groups, subjects, SEED, [words(column([row[2] for row in rows]), ordered, SEED)])
