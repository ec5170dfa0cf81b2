"""Records that the policy leaves out before groups are counted, each with its reason."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.privacy import Subsample
from custody.privacy import suppressing
from custody.records.zone import Zone
from privacy.folders import Source, anonymized, at, privacy
from privacy.people import SLOW, SUPPRESS, assert_same, records
from support import ZONE

EXECUTIVES: dict[str, Any] = {"role": "quasi", "technique": "suppress", "scope": "record", "values": ("executive",)}
SAMPLE: dict[str, Any] = {"subject": "user", "subsample": Subsample(rate=0.5, compartment="train")}


def test_records_that_hold_the_value_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [{"user": f"u{i}", "area": ["executive", "sales", None][i % 3], "ts": at(1)} for i in range(9)]
    done = anonymized(tmp_path, [Source(rows)], privacy({"area": EXECUTIVES}), size=4)
    assert done.body["accounting"] == {"accepted": 9, "candidate": 6, "suppressed": 3, "withheld": 0}
    assert done.body["suppressed"] == {"small_group": 0, "value.area": 3}
    assert {*done.rows.column("area").to_pylist()} == {"sales", None}
    assert done.body["columns"]["area"]["emptied"] == 0


def test_any_value_at_all_can_be_the_reason(tmp_path: Path) -> None:
    rows = [{"user": f"u{i}", "area": ["north", None][i % 2], "ts": at(1)} for i in range(4)]
    column = {"role": "direct", "technique": "suppress", "scope": "record"}
    done = anonymized(tmp_path, [Source(rows)], privacy({"area": column}))
    assert done.body["suppressed"] == {"small_group": 0, "value.area": 2}
    assert done.rows.column("area").to_pylist() == [None, None]


def test_a_withheld_record_is_not_suppressed_too(tmp_path: Path) -> None:
    rows = [{"user": "u", "area": "executive", "event": "no", "ts": at(1)}]
    done = anonymized(tmp_path, [Source(rows)], privacy({"area": EXECUTIVES}, consent="event"))
    assert done.body["accounting"] == {"accepted": 1, "candidate": 0, "suppressed": 0, "withheld": 1}


def test_left_out_people_hide_nobody(tmp_path: Path) -> None:
    rows = [{"user": f"u{i}", "event": ["x", "keep"][i > 0], "area": "north", "ts": at(1)} for i in range(3)]
    column = {"role": "sensitive", "technique": "suppress", "scope": "record", "matches": "x"}
    done = anonymized(tmp_path, [Source(rows)], privacy({"event": column}, **SUPPRESS))
    assert done.body["suppressed"] == {"small_group": 2, "value.event": 1}


def test_cells_that_are_emptied_are_counted(tmp_path: Path) -> None:
    rows = [{"user": f"u{i}", "area": ["north", "south"][i % 2], "ts": at(1)} for i in range(5)]
    column = {"role": "quasi", "technique": "suppress", "scope": "cell", "values": ("north",)}
    done = anonymized(tmp_path, [Source(rows)], privacy({"area": column}))
    assert done.body["columns"]["area"]["emptied"] == 3
    assert {*done.rows.column("area").to_pylist()} == {"south", None}


def test_a_subject_is_in_or_out_as_a_whole_and_counted(tmp_path: Path) -> None:
    rows = records(140)
    done = anonymized(tmp_path, [Source(rows)], privacy(**SAMPLE), size=33)
    names = {row["user"].casefold() for row in rows}
    inside = [
        name for name, is_in in zip(names, suppressing.drawn([*names], SAMPLE["subsample"], ZONE), strict=True) if is_in
    ]
    expected = [row for row in rows if row["user"].casefold() in inside]
    assert 0 < len(expected) < 140
    assert done.body["accounting"]["candidate"] == len(expected)
    assert done.body["suppressed"] == {"not_sampled": 140 - len(expected), "small_group": 0}
    assert len({*done.rows.column("user").to_pylist()}) == len(inside)


@pytest.mark.parametrize(("without", "left"), [("suppress", 0), ("keep", 2)])
def test_records_without_a_subject_go_as_the_policy_says(tmp_path: Path, without: Any, left: int) -> None:
    sample = Subsample(rate=0.5, compartment="train", without_subject=without)
    done = anonymized(tmp_path, [Source([{"ts": at(1)}] * 2)], privacy(subject="user", subsample=sample))
    assert done.body["accounting"]["candidate"] == left


def test_shared_accounts_are_nobodys_and_stay(tmp_path: Path) -> None:
    rows = [{"user": name, "ts": at(1)} for name in ("root", "Admin", "oracle", "guest")]
    sample = Subsample(rate=1e-9, compartment="train")
    policy = privacy(subject="user", subsample=sample, not_personal=("root", "admin", "oracle"))
    assert anonymized(tmp_path, [Source(rows)], policy).body["accounting"]["candidate"] == 3


@pytest.mark.parametrize("rate", [0.01, 0.3, 0.99])
def test_the_share_of_subjects_is_the_rate(rate: float) -> None:
    names = [f"person{i}" for i in range(20_000)]
    share = sum(suppressing.drawn(names, Subsample(rate=rate, compartment="a"), ZONE)) / 20_000
    assert abs(share - rate) < 6 * math.sqrt(rate * (1 - rate) / 20_000)


def test_compartments_and_keys_draw_independently_and_a_higher_rate_keeps_who_was_in() -> None:
    names = [f"person{i}" for i in range(20_000)]
    half = suppressing.drawn(names, Subsample(rate=0.5, compartment="a"), ZONE)
    more = suppressing.drawn(names, Subsample(rate=0.6, compartment="a"), ZONE)
    assert all(now or not before for before, now in zip(half, more, strict=True))
    for others in (
        suppressing.drawn(names, Subsample(rate=0.5, compartment="b"), ZONE),
        suppressing.drawn(names, Subsample(rate=0.5, compartment="a"), Zone("test", bytes(32))),
    ):
        both = sum(one and other for one, other in zip(half, others, strict=True))
        assert abs(both / 20_000 - 0.25) < 6 * math.sqrt(0.25 * 0.75 / 20_000)


ROW = st.fixed_dictionaries(
    {
        "user": st.sampled_from(["ann", "Bob", "carol", "dave", None]),
        "area": st.sampled_from(["executive", "sales", None]),
        "ts": st.sampled_from([at(1), at(2)]),
    }
)


@SLOW
@given(st.lists(ROW, max_size=14), st.integers(1, 15))
def test_every_record_is_accounted_for_in_any_chunks(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], size: int
) -> None:
    policy = privacy({"area": EXECUTIVES}, **SAMPLE, k=2, on_violation="suppress")
    root = tmp_path_factory.mktemp("left")
    whole = anonymized(root / "whole", [Source(rows)], policy)
    counts, names = whole.body["suppressed"], ["ann", "bob", "carol", "dave"]
    inside = {
        name for name, is_in in zip(names, suppressing.drawn(names, SAMPLE["subsample"], ZONE), strict=True) if is_in
    }
    sampled = [row for row in rows if row["user"] and row["user"].casefold() in inside]
    assert counts["not_sampled"] == len(rows) - len(sampled)
    assert counts["value.area"] == sum(row["area"] == "executive" for row in sampled)
    assert whole.body["accounting"]["suppressed"] == sum(counts.values())
    assert_same(whole, anonymized(root / "parts", [Source(rows)], policy, size=size))
