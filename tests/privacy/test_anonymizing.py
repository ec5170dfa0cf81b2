"""From a collected and a validated folder to a candidate."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.engine import pool, serial
from custody.privacy import report
from custody.privacy.anonymizing import anonymize
from custody.privacy.inputs import open_inputs
from custody.privacy.text.identifiers import Identifiers
from custody.records.folder import open_folder, replace
from custody.records.zone import Zone
from privacy.folders import DATASET, QUARANTINING, Source, Wrong, anonymized, at, folders, privacy, texts
from privacy.people import SLOW, SUPPRESS, assert_same, raw_words, records, rerun
from support import ZONE

if TYPE_CHECKING:
    from pathlib import Path


# --- nothing of a person is left -------------------------------------------------------------------------------------


def test_no_identifier_reappears_in_any_cell(tmp_path: Path) -> None:
    rows = records(200)
    done = anonymized(tmp_path, [Source(rows)], privacy())
    cells = " ".join(texts(done.rows)).casefold()
    own = set(done.rows.column("src_ip").to_pylist())
    assert not [word for word in raw_words(rows) - own if word in cells]
    assert done.body["leaks"]["residual"] == 0
    assert done.body["leaks"]["identifiers"] == len(raw_words(rows))
    assert done.body["redactions"] == {"ip": 400, "user": 200}


def test_identifiers_of_quarantined_withheld_and_unreadable_cells_are_sought(tmp_path: Path) -> None:
    """The accepted record names people whom only other records know; a kept column still shows them."""
    kept = {"area": {"role": "insensitive", "technique": "keep"}}
    names = ["quarantined.q", "withheld.w", "unreadable.u"]
    first = Source(
        [
            {"user": "someone", "area": "by " + " and ".join(names), "message": " ".join(names), "ts": at(1)},
            {"user": names[0], "src_ip": Wrong(names[2]), "ts": at(1)},
        ],
        broken={1: ["duplicates"]},
    )
    second = Source([{"user": names[1], "ts": at(1)}], name="other", file="ff" * 8, purposes=("billing",))
    done = anonymized(tmp_path, [first, second], privacy(kept))
    assert done.body["accounting"] == {"accepted": 2, "candidate": 1, "suppressed": 0, "withheld": 1}
    assert done.body["leaks"]["by_column"] == {"area": 3}
    assert not any(name in str(done.rows.column("message")[0]) for name in names)


CANARY = ("canary.person", "203.0.113.77")


def test_canaries_stand_in_no_readable_byte(tmp_path: Path) -> None:
    rows = [*records(50), {"user": CANARY[0], "src_ip": CANARY[1], "ts": at(1), "message": f"{CANARY[0]} {CANARY[1]}"}]
    done = anonymized(tmp_path, [Source(rows)], privacy())
    sealed = [path.read_bytes() for path in sorted((tmp_path / "anonymized").iterdir())]
    opened = [done.folder.read_bytes(partition) for partition in done.folder.partitions]
    for content in [
        *sealed,
        *opened,
        json.dumps(report.metrics(done.body)).encode(),
        report.headline(done.body).encode(),
    ]:
        assert not [canary for canary in CANARY if canary.encode() in content]


def test_one_person_has_one_token_everywhere(tmp_path: Path) -> None:
    edge = Source([{"user": "Alice", "message": "for alice now", "ts": at(1)}])
    sshd = Source([{"user": "ALICE", "ts": at(1)}], name="sshd", file="ab" * 8)
    done = anonymized(tmp_path, [edge, sshd], privacy())
    tokens = set(done.rows.column("user").to_pylist())
    assert len(tokens) == 1
    assert f"for {tokens.pop()} now" in done.rows.column("message").to_pylist()


# --- who goes on -----------------------------------------------------------------------------------------------------


def test_only_rules_that_quarantine_count(tmp_path: Path) -> None:
    source = Source(records(6), broken={0: ["user.complete"], 1: ["duplicates"], 2: ["area.allowed", "duplicates"]})
    done = anonymized(tmp_path, [source], privacy())
    assert done.body["accounting"] == {"accepted": 4, "candidate": 4, "suppressed": 0, "withheld": 0}


def test_a_missing_verdict_counts_as_broken(tmp_path: Path) -> None:
    collected, validated = folders(tmp_path, [Source(records(3))])
    name = validated.partitions[0].name
    verdicts = pa.table({rule: pa.array([False, None, False]) for rule in QUARANTINING})
    with replace(tmp_path / "validated", ZONE) as sink:
        body = {**validated.body, "accounting": {"accepted": 2}}
        sink.finish("report.json", body, [sink.write(name, verdicts)])
    done = rerun(tmp_path, collected, open_folder(tmp_path / "validated", "report.json", ZONE))
    assert done["accounting"]["candidate"] == 2


def test_withheld_records_have_their_reason(tmp_path: Path) -> None:
    rows = [{**row, "event": "yes"} for row in records(6)]
    rows[1]["event"], rows[2]["ts"], rows[3]["ts"] = "no", at(1).replace(year=2020), None
    unlisted = Source(records(2), name="other", file="ff" * 8, purposes=("billing",))
    policy = privacy(consent="event", retention_days=365)
    done = anonymized(tmp_path, [Source(rows), unlisted], policy)
    assert done.body["withheld"] == {"consent": 1, "purpose": 2, "retention": 1, "retention_unknown": 1}
    assert done.body["accounting"] == {"accepted": 8, "candidate": 3, "suppressed": 0, "withheld": 5}


# --- order, chunks, engines ------------------------------------------------------------------------------------------


def test_rows_stand_in_the_order_of_their_ids(tmp_path: Path) -> None:
    done = anonymized(tmp_path, [Source(records(150))], privacy(), size=64)
    ids = [done.folder.read(partition).column("row_id").to_pylist() for partition in done.folder.partitions]
    assert [len(part) for part in ids] == [64, 64, 22]
    assert all(part == sorted(part) for part in ids)
    assert len({one for part in ids for one in part}) == 150
    assert done.rows.column_names == ["row_id", "area", "event", "message", "src_ip", "ts", "user"]


def test_another_zone_orders_and_names_rows_otherwise(tmp_path: Path) -> None:
    ids = []
    for zone in (ZONE, Zone("test", bytes(32))):
        collected, validated = folders(tmp_path / zone.check, [Source(records(30))], zone=zone)
        with replace(tmp_path / zone.check / "anonymized", zone) as sink:
            anonymize(collected, validated, DATASET, privacy(), sink, serial.run)
        folder = open_folder(tmp_path / zone.check / "anonymized", "report.json", zone)
        ids.append(set(folder.read(folder.partitions[0]).column("row_id").to_pylist()))
    assert not ids[0] & ids[1]


def test_a_pool_of_processes_writes_the_same_bytes(tmp_path: Path) -> None:
    one, two = (
        anonymized(tmp_path / name, [Source(records(90))], privacy(**SUPPRESS), size=40, run=run)
        for name, run in (("serial", serial.run), ("pool", pool.of(2)))
    )
    assert one.body == two.body
    assert one.folder.partitions == two.folder.partitions


def test_an_estimate_of_distinct_values_is_exact_for_few(tmp_path: Path) -> None:
    done = anonymized(tmp_path, [Source(records(90))], privacy(), size=40)
    figures = done.body["columns"]
    frame = done.rows.to_pandas()
    for name in ("area", "event", "message", "ts"):
        assert (figures[name]["distinct"], figures[name]["rows"]) == (frame[name].nunique(), frame[name].count())
    assert figures["user"]["distinct"] is None


ROW = st.fixed_dictionaries(
    {
        "user": st.sampled_from(["ann.lee", "Bob.Jones", "carol", "x", None]),
        "src_ip": st.sampled_from(["192.0.2.1", "2001:db8::7", None, Wrong("999.1.2.3")]),
        "ts": st.sampled_from([at(1), at(1, 3), at(2), at(1).replace(year=2020), None]),
        "area": st.sampled_from(["north", "south", None]),
        "event": st.sampled_from(["yes", "no", None]),
        "message": st.sampled_from(["for ann.lee from 192.0.2.1", "by CAROL", "999.1.2.3 user=x", "", None]),
    }
)
POLICY = privacy(subject="user", k=2, on_violation="suppress", consent="event", retention_days=365)


def by_hand(rows: list[dict[str, Any]], broken: set[int]) -> Counter[str]:
    """Judge the records one by one: what each becomes."""
    usable: list[dict[str, Any]] = []
    fate = Counter({"quarantined": len(broken)})
    for i, row in enumerate(rows):
        if i in broken:
            continue
        if row["event"] != "yes":
            fate["consent"] += 1
        elif row["ts"] is None:
            fate["retention_unknown"] += 1
        elif row["ts"] < dt.datetime(2025, 11, 2, tzinfo=dt.UTC):
            fate["retention"] += 1
        else:
            usable.append({"area": row["area"], "day": row["ts"].date(), "user": (row["user"] or "").lower() or None})
    for row in usable:
        group = [one for one in usable if (one["area"], one["day"]) == (row["area"], row["day"])]
        people = {one["user"] for one in group} - {None}
        fate["candidate" if len(people) >= 2 else "small_group"] += 1
    return fate


@SLOW
@given(st.lists(ROW, max_size=14), st.sets(st.integers(0, 13)), st.integers(1, 15))
def test_every_record_is_accounted_for_as_by_hand_in_any_chunks(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], quarantined: set[int], size: int
) -> None:
    broken = {place for place in quarantined if place < len(rows)}
    source = Source(rows, broken={place: ["duplicates"] for place in broken})
    root = tmp_path_factory.mktemp("law")
    whole = anonymized(root / "whole", [source], POLICY)
    fate = by_hand(rows, broken)
    assert whole.body["withheld"] == {
        "purpose": 0,
        **{key: fate[key] for key in ("consent", "retention", "retention_unknown")},
    }
    assert whole.body["suppressed"] == {"small_group": fate["small_group"]}
    assert whole.body["accounting"] == {
        "accepted": len(rows) - fate["quarantined"],
        "candidate": fate["candidate"],
        "suppressed": fate["small_group"],
        "withheld": fate["consent"] + fate["retention"] + fate["retention_unknown"],
    }
    assert whole.body["leaks"]["residual"] == 0
    assert_same(whole, anonymized(root / "parts", [source], POLICY, size=size))


# --- nothing to do ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 3])
def test_nothing_accepted_makes_an_empty_candidate(tmp_path: Path, count: int) -> None:
    source = Source(records(count), broken={i: ["duplicates"] for i in range(count)})
    done = anonymized(tmp_path, [source], privacy(**SUPPRESS))
    assert done.body["accounting"] == {"accepted": 0, "candidate": 0, "suppressed": 0, "withheld": 0}
    assert done.folder.partitions == ()
    assert not done.body["risk"]["evaluated"]
    assert done.body["risk"]["reason"] == "no_rows"
    assert not done.body["leaks"]["evaluated"]
    assert report.headline(done.body) == (
        "pseudonymized 0 records: 0 withheld, 0 suppressed; groups not measured; nothing to scan"
    )


def test_a_policy_without_direct_columns_works(tmp_path: Path) -> None:
    columns = {name: {"role": "insensitive", "technique": "keep"} for name in ("src_ip", "user")}
    done = anonymized(tmp_path, [Source(records(5))], privacy(columns))
    assert done.body["leaks"] == {
        "residual": 0,
        "coincidences": 0,
        "allowed": 0,
        "by_column": {},
        "by_spelling": {},
        "evaluated": True,
        "identifiers": 0,
        "parts": 0,
        "skipped_short": 0,
        "skipped_common": 0,
    }


def test_the_headline_and_the_metrics_say_what_the_report_says(tmp_path: Path) -> None:
    done = anonymized(tmp_path, [Source(records(120))], privacy(**SUPPRESS))
    assert report.headline(done.body) == (
        "pseudonymized 120 records: 0 withheld, 0 suppressed; smallest group 7 subjects; 0 residual identifiers"
    )
    figures = report.metrics(done.body)
    assert (figures["candidate"], figures["k_smallest"], figures["residual"]) == (120, 7, 0)
    assert figures["redactions"] == 360


def test_no_seed_and_no_identifier_shows_itself(tmp_path: Path) -> None:
    collected, validated = folders(tmp_path, [Source(records(3))])
    seeds = open_inputs(collected, validated, DATASET, privacy()).seeds
    assert repr(seeds) == "Seeds()"
    assert "anna" not in repr(Identifiers("user", "user", pa.array(["anna"]), pa.array(["anna"])))
