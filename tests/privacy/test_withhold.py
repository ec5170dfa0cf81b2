from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.dataset import Dataset
from custody.policy.privacy import Privacy
from custody.privacy import withhold

DATASET = Dataset(name="events", purpose="detection", as_of="2026-11-01")
PURPOSES = {"a": ["detection", "billing"], "b": ["billing"]}
TIME = pa.timestamp("us", "UTC")


def privacy(**given_: Any) -> Privacy:
    return Privacy(columns={}, **given_)


def codes(table: pa.Table, policy: Privacy, clock: str | None = None) -> list[str | None]:
    found = withhold.withheld(table, PURPOSES, DATASET, policy, clock)
    return [withhold.REASONS[code - 1] if code else None for code in found.tolist()]


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_a_source_without_the_purpose_is_withheld() -> None:
    table = pa.table({"!source": ["a", "b", "unknown", "a"]})
    assert codes(table, privacy()) == [None, "purpose", "purpose", None]


@pytest.mark.parametrize(
    ("values", "kind", "yes"),
    [
        # text: four words, in any case; blanks around them do not count
        (["yes", "YES", " true ", "1", "Granted"], pa.string(), True),
        (["no", "", "y", "yes!", "0", "withdrawn", "not granted", None], pa.string(), False),
        # a boolean and an integer speak for themselves
        ([True], pa.bool_(), True),
        ([False, None], pa.bool_(), False),
        ([1], pa.int64(), True),
        ([0, 2, -1, None], pa.int64(), False),
        # a column that nobody filled
        ([None, None], pa.string(), False),
    ],
)
def test_only_a_clear_yes_is_consent(values: list[Any], kind: pa.DataType, yes: bool) -> None:  # noqa: FBT001
    table = pa.table({"!source": ["a"] * len(values), "optin": pa.array(values, kind)})
    assert codes(table, privacy(consent="optin")) == [None if yes else "consent"] * len(values)


def test_consent_in_a_column_of_times_stops() -> None:
    table = pa.table({"!source": ["a"], "optin": pa.array([at("2026-01-01")], TIME)})
    with pytest.raises(CustodyError, match=r"privacy\.consent"):
        withhold.withheld(table, PURPOSES, DATASET, privacy(consent="optin"), None)


@pytest.mark.parametrize(
    ("time", "reason"),
    [
        # 30 days at the end of 2026-11-01 reach back to the first moment of 2026-10-03
        ("2026-10-03T00:00:00", None),
        ("2026-10-02T23:59:59.999999", "retention"),
        ("1969-12-31T23:59:59", "retention"),
        # future-dated records are young
        ("2026-11-02T00:00:00", None),
        ("2262-01-01T00:00:00", None),
        (None, "retention_unknown"),
    ],
)
def test_retention_is_judged_at_the_end_of_the_day(time: str | None, reason: str | None) -> None:
    table = pa.table({"!source": ["a"], "ts": pa.array([time and at(time)], TIME)})
    assert codes(table, privacy(retention_days=30), "ts") == [reason]


def test_endless_retention_withholds_nothing() -> None:
    table = pa.table({"!source": ["a"], "ts": pa.array([at("1677-09-22")], TIME)})
    assert codes(table, privacy(retention_days=10**12), "ts") == [None]


def test_the_first_reason_wins() -> None:
    old, unknown = at("2001-01-01"), None
    table = pa.table(
        {
            "!source": ["b", "a", "a", "a", "a"],
            "ok": [False, False, True, True, True],
            "ts": pa.array([old, old, old, unknown, at("2026-10-31")], TIME),
        }
    )
    policy = privacy(consent="ok", retention_days=30)
    assert codes(table, policy, "ts") == ["purpose", "consent", "retention", "retention_unknown", None]
    counted = withhold.counts(withhold.withheld(table, PURPOSES, DATASET, policy, "ts"))
    assert counted == {"purpose": 1, "consent": 1, "retention": 1, "retention_unknown": 1}


def test_the_only_timestamp_is_the_clock() -> None:
    assert withhold.clock_of(privacy(), {"ts": "timestamp"}) is None
    assert withhold.clock_of(privacy(retention_days=1), {"ts": "timestamp", "n": "number"}) == "ts"
    named = privacy(retention_days=1, retention_column="seen")
    assert withhold.clock_of(named, {"ts": "timestamp", "seen": "timestamp"}) == "seen"


@pytest.mark.parametrize("schema", [{}, {"ts": "timestamp", "seen": "timestamp"}])
def test_an_unclear_clock_stops(schema: dict[str, str]) -> None:
    with pytest.raises(CustodyError, match="retention_column"):
        withhold.clock_of(privacy(retention_days=1), schema)


def test_a_clock_of_another_type_stops() -> None:
    with pytest.raises(CustodyError, match="retention_column"):
        withhold.clock_of(privacy(retention_days=1, retention_column="n"), {"n": "number", "ts": "timestamp"})


ROW = st.tuples(
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["yes", "no", None]),
    st.one_of(st.none(), st.datetimes(dt.datetime(2026, 9, 1), dt.datetime(2026, 12, 1))),  # noqa: DTZ001  # naive on purpose
)


@settings(deadline=None)
@given(st.lists(ROW, max_size=40), st.integers(0, 40))
def test_chunks_are_withheld_as_the_whole(rows: list[tuple[str, str | None, dt.datetime | None]], cut: int) -> None:
    table = pa.table(
        {
            "!source": pa.array([row[0] for row in rows], pa.string()),
            "ok": pa.array([row[1] for row in rows], pa.string()),
            "ts": pa.array([row[2] and row[2].replace(tzinfo=dt.UTC) for row in rows], TIME),
        }
    )
    policy = privacy(consent="ok", retention_days=30)
    whole = withhold.withheld(table, PURPOSES, DATASET, policy, "ts")
    parts = [
        withhold.withheld(part, PURPOSES, DATASET, policy, "ts") for part in (table.slice(0, cut), table.slice(cut))
    ]
    assert np.concatenate(parts).tolist() == whole.tolist()
    assert sum(withhold.counts(whole).values()) == int((whole != 0).sum())
