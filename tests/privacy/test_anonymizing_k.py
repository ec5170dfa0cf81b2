"""k-anonymity of the candidate: groups of distinct people, and what becomes of those that are too small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privacy.folders import Source, anonymized, at, privacy
from privacy.people import SUPPRESS, records, sizes

if TYPE_CHECKING:
    from pathlib import Path


def test_suppression_leaves_no_group_below_k(tmp_path: Path) -> None:
    rows = [*records(120), {"user": "loner", "ts": at(9), "area": "north"}, {"user": None, "ts": at(8), "area": "x"}]
    done = anonymized(tmp_path, [Source(rows)], privacy(**SUPPRESS), size=17)
    assert done.body["suppressed"] == {"small_group": 2}
    measured = done.body["risk"]
    left = sizes(done.rows.to_pandas())
    assert measured["k_smallest"] == left.min() >= 3
    assert (measured["groups_below"], measured["rows_below"]) == (0, 0)
    assert measured["before_suppression"]["groups_below"] == 2
    assert set(measured["before_suppression"]) == {"groups", "groups_below", "rows_below"}, "no count of few people"


def test_refusal_keeps_the_rows_and_tells_the_figures(tmp_path: Path) -> None:
    rows = [*records(120), {"user": "loner", "ts": at(9), "area": "north"}]
    done = anonymized(tmp_path, [Source(rows)], privacy(subject="user", k=3), size=17)
    assert done.body["accounting"]["candidate"] == 121
    measured = done.body["risk"]
    left = sizes(done.rows.to_pandas())
    assert (measured["k_smallest"], measured["rows_below"]) == (1, int((left < 3).sum()))
    assert measured["before_suppression"] is None


def test_withheld_people_hide_nobody(tmp_path: Path) -> None:
    shared = {"ts": at(1), "area": "north", "event": "yes"}
    rows = [{**shared, "user": "a.one"}, {**shared, "user": "b.two"}, {**shared, "user": "c.three", "event": "no"}]
    done = anonymized(tmp_path, [Source(rows)], privacy(consent="event", **SUPPRESS))
    assert done.body["accounting"] == {"accepted": 3, "candidate": 0, "suppressed": 2, "withheld": 1}


def test_spellings_of_one_name_are_one_subject(tmp_path: Path) -> None:
    rows = [{"user": name, "ts": at(1), "area": "north"} for name in ("Anna", "ANNA", "anna")]
    assert anonymized(tmp_path, [Source(rows)], privacy(**SUPPRESS)).body["suppressed"] == {"small_group": 3}


def test_without_quasi_columns_all_people_are_one_group(tmp_path: Path) -> None:
    plain = {"area": {"role": "insensitive", "technique": "keep"}, "ts": {"role": "quasi", "technique": "suppress"}}
    done = anonymized(tmp_path, [Source(records(20))], privacy(plain, **SUPPRESS))
    assert (done.body["risk"]["groups"], done.body["risk"]["k_smallest"]) == (1, 7)
    assert "ts" not in done.rows.column_names
    assert done.body["columns"]["ts"] == {
        "role": "quasi",
        "technique": "suppress",
        "distinct": None,
        "rows": None,
        "emptied": 0,
    }


def test_without_k_nothing_is_measured_and_it_says_so(tmp_path: Path) -> None:
    measured = anonymized(tmp_path, [Source(records(9))], privacy(subject="user")).body["risk"]
    assert (measured["evaluated"], measured["reason"], measured["k_required"]) == (False, "no_k", None)


def test_a_word_that_is_nobody_counts_as_no_subject(tmp_path: Path) -> None:
    rows = [{"user": user, "src_ip": "10.0.0.1", "ts": at(1), "area": "north"} for user in ("anna", "Root", "www-data")]
    policy = privacy(subject="user", k=2, not_personal=("root", "www-data"))
    measured = anonymized(tmp_path, [Source(rows)], policy).body["risk"]
    assert (measured["k_smallest"], measured["subjects"], measured["rows_without_subject"]) == (1, 1, 2)
