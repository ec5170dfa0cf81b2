"""The checksum of a file's beginning."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from custody.quality.prefix import Checksum
from custody.records import Zone
from quality.collecting import SCHEMA, at, table
from support import ZONE

SUM = Checksum.of(ZONE)
ROWS = [{"amount": i / 3, "hits": i, "user": "u" * (i % 5), "event": "ab"[i % 2] * 2, "ts": at(i)} for i in range(40)]


def total(rows: list[dict[str, Any]], start: int = 0, checksum: Checksum = SUM) -> int:
    return int(checksum.records(table(rows), SCHEMA, start).sum(dtype=np.uint64))


@given(st.integers(0, 40))
def test_sums_of_parts_are_that_of_the_whole(cut: int) -> None:
    assert (total(ROWS[:cut]) + total(ROWS[cut:], cut)) % 2**64 == total(ROWS)


@given(st.integers(0, 39), st.sampled_from([{"hits": 77}, {"amount": None}, {"user": "longer"}, {"ts": at(9999)}]))
def test_any_change_shows(place: int, change: dict[str, Any]) -> None:
    assert total([*ROWS[:place], {**ROWS[place], **change}, *ROWS[place + 1 :]]) != total(ROWS)


def test_order_place_and_key_count() -> None:
    assert total(ROWS[::-1]) != total(ROWS)
    assert total(ROWS, 1) != total(ROWS)
    assert total(ROWS, 0, Checksum.of(Zone("other", bytes(range(1, 33))))) != total(ROWS)
    assert "key" not in repr(SUM)
