"""Profiles as the anchor keeps them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from custody.quality.profile import profile, stored
from custody.records import Zone
from custody.records.parquet import encode
from quality.collecting import SCHEMA, at, table
from support import ZONE

ROWS = [{"event": "secret-project", "user": "ann.lee", "amount": 7.25, "src_ip": "192.0.2.7", "ts": at(0)}] * 3
HASHES = stored.Hashes.of(ZONE)


def test_a_profile_reads_back_with_hashes_for_categories() -> None:
    before = profile(table(ROWS), SCHEMA)
    after = stored.profiles(stored.table(before, HASHES))
    assert after.keys() == before.keys()
    for name, one in after.items():
        assert (one.records, one.missing, one.wrong) == (3, before[name].missing, before[name].wrong)
        assert one.shape == before[name].shape
    assert after["event"].categories == {HASHES.of_text("event", "secret-project"): 3}
    assert after["user"].categories is None


def test_no_value_of_a_record_is_kept() -> None:
    data = encode(stored.table(profile(table(ROWS), SCHEMA), HASHES))
    assert not any(text in data for text in (b"secret-project", b"ann.lee", b"192.0.2.7"))


def test_hashes_are_of_one_zone_and_column() -> None:
    other = stored.Hashes.of(Zone("other", bytes(range(1, 33))))
    assert len({HASHES.of_text("a", "x"), HASHES.of_text("b", "x"), other.of_text("a", "x")}) == 3
    assert HASHES.of_text("a", "\ud800") != HASHES.of_text("a", "\ud801"), "whatever a text holds"


def test_another_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table of profiles"):
        stored.profiles(pa.table({"column": ["a"]}))
