"""Missing values per column: what stands there and is wrong is not missing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from custody.quality.missing import merge, missing
from quality.collecting import SCHEMA, Wrong, table

ROWS: list[dict[str, Any]] = [
    {"user": "ada", "amount": 1.0},
    {"user": "", "amount": Wrong("n/a")},
    {},
    {"amount": float("nan")},
]


def test_a_wrong_value_is_there_and_an_empty_cell_is_not() -> None:
    found = missing(table(ROWS), SCHEMA)
    assert found == {"amount": 1, "event": 4, "hits": 4, "src_ip": 4, "ts": 4, "user": 2}


def test_a_column_that_is_not_there_is_missing_in_every_record() -> None:
    assert missing(table(ROWS).drop_columns(["user"]), ["user"]) == {"user": 4}
    assert missing(table([]), ["user"]) == {"user": 0}


@given(st.lists(st.sampled_from(ROWS), max_size=12), st.integers(0, 12))
def test_parts_add_up_to_the_whole(rows: list[dict[str, Any]], cut: int) -> None:
    parts = [missing(table(rows[:cut]), SCHEMA), missing(table(rows[cut:]), SCHEMA)]
    assert merge(parts) == missing(table(rows), SCHEMA)
