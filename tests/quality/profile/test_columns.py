"""Profiles of columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from custody.quality.profile import columns, merge, profile
from custody.quality.profile.histogram import low
from quality.collecting import SCHEMA, Wrong, at, table

ROW = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.one_of(st.floats(), st.just(Wrong("much"))),
        "event": st.sampled_from(["login", "logout", ""]),
        "hits": st.integers(-(2**63), 2**63 - 1),
        "src_ip": st.sampled_from(["192.0.2.1", "192.0.2.2"]),
        "ts": st.integers(-(2**33), 2**34).map(at),
        "user": st.text(max_size=3),
    },
)


@given(st.lists(ROW, min_size=1, max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_chunked_equals_whole(rows: list[dict[str, Any]], one: int, other: int) -> None:
    first, second = sorted((one, other))
    parts = [rows[:first], rows[first:second], rows[second:]]
    assert merge([profile(table(part), SCHEMA) for part in parts]) == merge([profile(table(rows), SCHEMA)])


def test_what_stands_in_each_type_of_column_is_counted() -> None:
    rows = [
        {"amount": 1.5, "event": "login", "user": "ann", "ts": at(0)},
        {"amount": float("nan"), "event": "login", "user": "bo", "ts": at(7200)},
        {"amount": Wrong("n/a"), "event": "logout", "ts": dt.datetime(1969, 12, 31, 23, 59, tzinfo=dt.UTC)},
        {},
    ]
    found = profile(table(rows), SCHEMA)
    amount = found["amount"]
    assert (amount.records, amount.missing, amount.wrong) == (4, 1, 2)
    assert {low(bucket): count for bucket, count in amount.shape.items()} == {1.5: 1}
    assert found["event"].categories == {"login": 2, "logout": 1}
    assert found["ts"].shape == {0: 1, 2: 1, 23: 1}
    assert found["user"].categories is None, "names are never counted one by one"
    assert {low(bucket): count for bucket, count in found["user"].shape.items()} == {2: 1, 3: 1}


def test_a_column_of_a_million_categories_has_none() -> None:
    many = [{"event": str(i)} for i in range(columns.MOST + 1)]
    few = many[:-1]
    assert profile(table(many), SCHEMA)["event"].categories is None
    assert len(profile(table(few), SCHEMA)["event"].categories or {}) == columns.MOST
    parts = [profile(table(part), SCHEMA) for part in (many[:3000], many[3000:])]
    assert merge(parts)["event"].categories is None


def test_an_empty_partition_and_none_at_all() -> None:
    assert profile(table([]), SCHEMA)["amount"].records == 0
    assert merge([]) == {}
