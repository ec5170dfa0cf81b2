"""Conflicts on the key, against a plain reading of the rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.quality import conflicts
from quality.collecting import SCHEMA, Wrong, at, broken, judged, listed, plan, quality, table

KEY = ["ts", "user"]
BY_SOURCE = {"conflicts": "prefer_source", "precedence": ["alerts", "edge", "sshd"]}
BY_TIME = {"conflicts": "prefer_newest", "newest": "hits"}


def lost(rows: list[dict[str, Any]], **words: Any) -> list[int]:
    plan_ = plan(quality(key=KEY, **words))
    return broken(judged([table(rows)], plan_), plan_)["conflicts"]


def row(amount: Any, source: str = "edge", **more: Any) -> dict[str, Any]:
    return {"ts": at(0), "user": "ann", "amount": amount, "source": source, **more}


def test_the_more_trusted_source_wins() -> None:
    assert lost([row(1.0, "sshd"), row(2.0, "alerts"), row(3.0)], **BY_SOURCE) == [0, 2]


def test_a_source_that_agrees_with_the_winner_is_kept() -> None:
    assert lost([row(2.0, "sshd"), row(2.0, "alerts"), row(3.0)], **BY_SOURCE) == [2]


def test_a_tie_within_the_winning_source_takes_all_with_it() -> None:
    assert lost([row(1.0, "alerts"), row(2.0, "alerts"), row(1.0, "sshd")], **BY_SOURCE) == [0, 1, 2]


def test_a_source_without_precedence_comes_last() -> None:
    assert lost([row(1.0, "unknown"), row(2.0, "sshd")], **BY_SOURCE) == [0]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("ts", [at(-5), at(0), at(5)]),
        ("hits", [-3, 0, 2**62]),
        ("amount", [-2.5, -0.0, 1e-300]),
        ("amount", [-1e300, -1.0, 2.0]),
    ],
)
def test_the_newest_wins_and_none_at_all_is_oldest(column: str, values: list[Any]) -> None:
    rows = [{"user": "ann", "event": str(i), column: value} for i, value in enumerate([*values, None, Wrong("x")])]
    plan_ = plan(quality(key=["user"], conflicts="prefer_newest", newest=column))
    assert broken(judged([table(rows)], plan_), plan_)["conflicts"] == [0, 1, 3, 4]


@pytest.mark.parametrize(("column", "error"), [("user", "TypeError"), ("mfa", "TypeError")])
def test_neither_a_text_nor_a_boolean_is_newer_than_another(column: str, error: str) -> None:
    schema = {**SCHEMA, "mfa": "boolean"}
    plan_ = plan(quality(key=["ts"], conflicts="prefer_newest", newest=column), schema)
    rows = [row(1.0, mfa=True), row(2.0, mfa=False)]
    assert judged([table(rows, schema)], plan_).tallies["conflicts"].reason == f"check_failed: {error}"


def test_a_tie_of_the_newest_takes_all_with_it() -> None:
    assert lost([row(1.0, hits=5), row(2.0, hits=5), row(3.0, hits=1)], **BY_TIME) == [0, 1, 2]


def test_without_a_preference_all_are_quarantined() -> None:
    assert lost([row(1.0), row(2.0), row(2.0)], conflicts="quarantine") == [0, 1, 2]


def test_copies_and_repeats_are_no_conflict() -> None:
    assert lost([row(1.0), row(1.0), row(1.0, "sshd"), row(1.0, repeat=3)], conflicts="quarantine") == []


def test_wrong_cells_conflict_by_their_text() -> None:
    assert lost([row(Wrong("high")), row(Wrong("low"))], conflicts="quarantine") == [0, 1]
    assert lost([row(Wrong("high")), row(Wrong("high"))], conflicts="quarantine") == []


def test_a_record_without_its_whole_key_takes_no_part() -> None:
    rows = [{"ts": at(0), "amount": 1.0}, {"ts": at(0), "amount": 2.0}, {"ts": Wrong("x"), "user": "a"}, row(1.0)]
    plan_ = plan(quality(key=KEY))
    merged = judged([table(rows)], plan_)
    assert broken(merged, plan_)["conflicts"] == []
    assert merged.tallies["conflicts"].evaluated == 1


def test_there_is_no_rule_without_a_key() -> None:
    assert [rule.id for rule in plan(quality()).rules] == ["duplicates"]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), max_size=30))
def test_the_rule_is_what_its_docstring_says(records: list[tuple[int, int, int]]) -> None:
    keys = np.array([key for key, _, _ in records], dtype=np.uint64)
    values = np.array([value for _, value, _ in records], dtype=np.uint64)
    preferred = np.array([rank for _, _, rank in records], dtype=np.int64)

    def loses(key: int, value: int) -> bool:
        group = [(other, rank) for own, other, rank in records if own == key]
        best = {other for other, rank in group if rank == max(rank for _, rank in group)}
        return len({other for other, _ in group}) > 1 and (len(best) > 1 or value not in best)

    assert listed(conflicts.broken(keys, values, preferred)) == [loses(key, value) for key, value, _ in records]
