"""on_violation: generalize, from records to a candidate whose groups are large enough."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.privacy import generalizing
from custody.privacy.inputs import open_inputs
from custody.release import people
from privacy.folders import DATASET, Candidate, Source, anonymized, at, folders, privacy

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS: dict[str, dict[str, Any]] = {
    "ts": {"role": "quasi", "technique": "round_time", "to": "1h"},
    "src_ip": {"role": "quasi", "technique": "ip_truncate", "v4": 24},
    "area": {"role": "insensitive", "technique": "keep"},
}
ASKED: dict[str, Any] = {"subject": "user", "k": 3, "on_violation": "generalize"}


def event(user: str | None, hour: int, net: int, day: int = 1, kind: str = "login") -> dict[str, Any]:
    return {"user": user, "ts": at(day, hour), "src_ip": f"10.{net // 256}.{net % 256}.7", "event": kind, "area": "x"}


def done(root: Path, rows: list[dict[str, Any]], columns: dict[str, Any] | None = None, **asked: Any) -> Candidate:
    return anonymized(root, [Source(rows)], privacy({**COLUMNS, **(columns or {})}, **ASKED | asked))


def levels(candidate: Candidate) -> dict[str, str]:
    return {name: one["treatment"] for name, one in candidate.body["generalized"]["columns"].items()}


def broken(candidate: Candidate, **asked: Any) -> list[str]:
    conditions = people.conditions(candidate.body, privacy(COLUMNS, **ASKED | asked))
    return [one.id for one in conditions if not one.held]


def test_times_go_up_until_k_people_share_them(tmp_path: Path) -> None:
    """Three people sign in from one network, hours apart on one day: the day is what they share."""
    candidate = done(tmp_path, [event(user, hour, 1) for user, hour in (("ann", 1), ("bob", 9), ("cid", 20))])
    assert levels(candidate) == {"src_ip": "ip_truncate", "ts": "round_time, to 1d"}
    assert set(candidate.rows.column("ts").to_pylist()) == {dt.datetime(2026, 10, 1, tzinfo=dt.UTC)}
    assert candidate.body["risk"]["k_smallest"] == 3
    assert candidate.body["generalized"]["columns"]["ts"]["level"] == 2
    assert broken(candidate) == []


def test_the_column_that_loses_less_goes_up(tmp_path: Path) -> None:
    """Networks differ in their third byte alone and so do hours; one of the two is enough."""
    rows = [event(f"u{i}", i % 4, i % 2) for i in range(40)]
    candidate = done(tmp_path, rows, k=6)
    told = candidate.body["generalized"]
    assert candidate.body["risk"]["k_smallest"] >= 6
    assert told["reached"]
    assert told["complete"]
    assert sum(one["level"] > 0 for one in told["columns"].values()) <= 1


def test_what_is_left_small_is_dropped_up_to_the_declared_share(tmp_path: Path) -> None:
    rows = [event(f"u{i}", 3, 1) for i in range(95)] + [event(f"v{i}", 9, 1000 + 300 * i, day=9) for i in range(5)]
    strict = done(tmp_path / "strict", rows)
    assert strict.body["accounting"]["suppressed"] == 0
    loose = done(tmp_path / "loose", rows, max_suppressed=0.05)
    assert loose.body["accounting"] == {"accepted": 100, "candidate": 95, "suppressed": 5, "withheld": 0}
    assert [one["level"] for one in loose.body["generalized"]["columns"].values()] == [0, 0]
    assert loose.body["generalized"]["loss"] < strict.body["generalized"]["loss"]
    assert broken(loose, max_suppressed=0.05) == broken(strict) == []


def test_a_ladder_that_never_reaches_k_refuses_after_one_try(tmp_path: Path) -> None:
    candidate = done(tmp_path, [event(user, hour, hour) for hour in range(20) for user in ("ann", "bob")])
    told = candidate.body["generalized"]
    assert (told["reached"], told["tested"]) == (False, 1)
    assert candidate.body["accounting"]["suppressed"] == 0
    assert set(candidate.rows.column("ts").to_pylist()) == {None}
    assert broken(candidate) == ["generalized", "k"]


def test_diversity_is_reached_too(tmp_path: Path) -> None:
    rows = [event(f"u{i}", 1 if i < 5 else 2, 1, kind="login" if i < 5 else "logout") for i in range(10)]
    assert levels(done(tmp_path / "k", rows))["ts"] == "round_time, to 1h"
    diverse = done(tmp_path / "l", rows, l=2)
    assert levels(diverse)["ts"] == "round_time, to 6h"
    assert diverse.body["risk"]["sensitive"]["event"]["l"] == 2
    close = done(tmp_path / "t", rows, t=0.1)
    assert close.body["risk"]["sensitive"]["event"]["t"] == 0.0
    assert levels(close)["ts"] == "round_time, to 6h"


@pytest.mark.parametrize(
    ("rows", "reached"),
    [
        ([], True),
        ([event("ann", 1, 1)], False),
        ([event("ann", hour, hour) for hour in range(24)], False),
        ([event(None, 1, 1)] * 5, False),
        ([{"user": f"u{i}", "event": "login"} for i in range(9)], True),
    ],
    ids=["no row", "one row", "one subject", "nobody", "all null"],
)
def test_odd_data_is_refused_or_right(tmp_path: Path, rows: list[dict[str, Any]], reached: bool) -> None:  # noqa: FBT001
    candidate = done(tmp_path, rows)
    assert candidate.body["accounting"]["candidate"] == len(rows)
    if rows:
        assert candidate.body["generalized"]["reached"] is reached
        assert bool(broken(candidate)) is not reached
    else:
        assert broken(candidate)


def test_without_quasi_columns_there_is_nothing_to_climb(tmp_path: Path) -> None:
    plain = {name: {"role": "insensitive", "technique": "keep"} for name in ("ts", "src_ip", "area")}
    rows = [event(f"u{i}", i, i) for i in range(5)]
    reached = anonymized(tmp_path / "5", [Source(rows)], privacy(plain, **ASKED))
    assert (reached.body["generalized"]["reached"], reached.body["generalized"]["combinations"]) == (True, 1)
    short = anonymized(tmp_path / "2", [Source(rows[:2])], privacy(plain, **ASKED))
    assert not short.body["generalized"]["reached"]


def test_too_many_combinations_stop_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generalizing, "LARGEST", 20)
    collected, validated = folders(tmp_path, [Source([event("ann", 1, 1)])])
    with pytest.raises(CustodyError, match=r"privacy.on_violation: generalize would have to look at 28 combinations"):
        generalizing.ladders(open_inputs(collected, validated, DATASET, privacy(COLUMNS, **ASKED)))


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "cid", "dan", None]), st.integers(0, 23), st.integers(0, 3), st.integers(1, 9)
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=15)
@given(ROWS, st.integers(1, 7), st.sampled_from([None, 0.2]))
def test_what_is_released_holds_in_any_partitions(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Any], size: int, most: float | None
) -> None:
    rows = [event(user, hour, net, day) for user, hour, net, day in drawn]
    policy = privacy(COLUMNS, **ASKED, max_suppressed=most)
    whole = anonymized(tmp_path_factory.mktemp("whole"), [Source(rows)], policy)
    parts = anonymized(tmp_path_factory.mktemp("parts"), [Source(rows)], policy, size=size)
    assert parts.by_id() == whole.by_id()
    for key in ("accounting", "generalized", "risk"):
        assert parts.body[key] == whole.body[key]
    people_of = defaultdict(set)
    for row in whole.by_id():
        people_of[row["ts"], row["src_ip"]].add(row["user"])
    if whole.body["generalized"]["reached"]:
        assert all(len(people - {None}) >= 3 for people in people_of.values())
        assert whole.body["accounting"]["suppressed"] <= (most or 0) * len(rows)
