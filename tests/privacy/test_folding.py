"""Rare categories become OTHER, and are counted again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from custody.release import people
from privacy.folders import Candidate, Source, anonymized, at, privacy

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

COLUMNS: dict[str, dict[str, Any]] = {
    "area": {"role": "quasi", "technique": "keep", "fold_rare": True},
    "event": {"role": "sensitive", "technique": "keep", "fold_rare": True},
    "ts": {"role": "insensitive", "technique": "round_time", "to": "1d"},
}
K3: dict[str, Any] = {"subject": "user", "k": 3}


def rows(areas: dict[str | None, int], kind: str = "login") -> list[dict[str, Any]]:
    """Return a row for each of so many people per area."""
    people_ = ((area, n) for area, count in areas.items() for n in range(count))
    return [{"user": f"user.{area}{n}", "area": area, "event": kind, "ts": at(1)} for area, n in people_]


def done(root: Path, given_: list[dict[str, Any]], **asked: Any) -> Candidate:
    return anonymized(root, [Source(given_)], privacy(COLUMNS, **K3 | asked))


def areas(candidate: Candidate) -> Counter[str | None]:
    return Counter(candidate.rows.column("area").to_pylist())


def broken(candidate: Candidate, **asked: Any) -> list[str]:
    return [one.id for one in people.conditions(candidate.body, privacy(COLUMNS, **K3 | asked)) if not one.held]


def test_categories_of_few_people_become_other(tmp_path: Path) -> None:
    candidate = done(tmp_path, rows({"north": 5, "south": 4, "mars": 2, "moon": 1}))
    assert areas(candidate) == {"north": 5, "south": 4, "OTHER": 3}
    assert candidate.body["columns"]["area"]["folded"] == {"categories": 2, "smallest": 3}
    assert broken(candidate) == []


def test_other_takes_in_the_next_rarest_until_it_hides_its_people(tmp_path: Path) -> None:
    candidate = done(tmp_path, rows({"north": 5, "south": 4, "moon": 1}))
    assert areas(candidate) == {"north": 5, "OTHER": 5}
    assert broken(candidate) == []


def test_many_rows_of_one_person_are_rare_all_the_same(tmp_path: Path) -> None:
    given_ = rows({"north": 5, "south": 3}) + [{"user": "x", "area": "moon", "event": "login", "ts": at(1)}] * 50
    assert areas(done(tmp_path, given_)) == {"north": 5, "OTHER": 53}


def test_a_null_is_no_category_and_no_other(tmp_path: Path) -> None:
    candidate = done(tmp_path, rows({"north": 5, None: 3}))
    assert areas(candidate) == {"north": 5, None: 3}
    assert broken(candidate) == []


def test_too_few_people_in_all_refuse(tmp_path: Path) -> None:
    candidate = done(tmp_path, rows({"north": 1, "south": 1}))
    assert areas(candidate) == {"OTHER": 2}
    assert broken(candidate) == ["k", "rare.area", "rare.event"]


def test_what_the_report_does_not_tell_refuses(tmp_path: Path) -> None:
    candidate = done(tmp_path, rows({"north": 5}))
    candidate.body["columns"]["area"]["folded"] = None
    assert broken(candidate) == ["rare.area"]


def test_sensitive_values_fold_before_they_are_counted(tmp_path: Path) -> None:
    given_ = rows({"north": 5}) + rows({"south": 5}, "logout")
    given_[0]["event"] = given_[5]["event"] = "odd"
    given_[1]["event"] = "odder"
    candidate = done(tmp_path, given_, l=2, on_violation="suppress")
    assert Counter(candidate.rows.column("event").to_pylist()) == {"login": 3, "logout": 4, "OTHER": 3}
    assert candidate.body["risk"]["sensitive"]["event"]["l"] == 2
    assert candidate.body["accounting"]["suppressed"] == 0


def test_folding_saves_rows_that_suppression_would_drop(tmp_path: Path) -> None:
    given_ = rows({"north": 5, "mars": 2, "moon": 2})
    candidate = done(tmp_path, given_, on_violation="suppress")
    assert candidate.body["accounting"]["suppressed"] == 0
    assert areas(candidate) == {"north": 5, "OTHER": 4}


def test_levels_are_chosen_with_rare_categories_folded(tmp_path: Path) -> None:
    candidate = done(tmp_path, rows({"north": 5, "mars": 2, "moon": 2}), on_violation="generalize")
    assert candidate.body["generalized"]["columns"]["area"]["level"] == 0
    assert areas(candidate) == {"north": 5, "OTHER": 4}
    assert broken(candidate, on_violation="generalize") == []


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["x", "y", "z", "w", None])), max_size=30),
    st.integers(1, 9),
    st.sampled_from(["refuse", "suppress", "generalize"]),
)
def test_no_category_of_few_people_is_left_in_any_partitions(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str | None]], size: int, how: str
) -> None:
    given_ = [{"user": f"user.{who}", "area": area, "event": "login", "ts": at(1)} for who, area in drawn]
    policy = privacy(COLUMNS, **K3, on_violation=how)
    whole = anonymized(tmp_path_factory.mktemp("whole"), [Source(given_)], policy)
    parts = anonymized(tmp_path_factory.mktemp("parts"), [Source(given_)], policy, size=size)
    assert parts.by_id() == whole.by_id()
    assert parts.body["columns"] == whole.body["columns"]
    who_of: dict[str, set[str]] = {}
    for row in whole.by_id():
        if row["area"] is not None:
            who_of.setdefault(row["area"], set()).add(row["user"])
    refused = any(one.id == "rare.area" and not one.held for one in people.conditions(whole.body, policy))
    assert refused or all(len(who) >= 3 for who in who_of.values())
