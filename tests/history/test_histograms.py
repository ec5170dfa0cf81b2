"""Rules judged by histograms of data that is gone: exact where they say so, never further off than they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.governance.opening import Opened
from custody.history import histograms
from custody.history.accepted import Accepted
from custody.history.attribution import Count
from custody.history.histograms import Histograms
from custody.quality.profile.stored import Hashes
from quality.collecting import Wrong, at, folder, judged, plan, quality, table
from support import ZONE

OLD = quality(
    key=["user"],
    rules={"amount": {"range": {"max": 9}}, "hits": {"type": {}}, "user": {"pattern": {"regex": "[a-z]+"}}},
)
ROW = st.fixed_dictionaries(
    {
        "amount": st.one_of(st.none(), st.floats(-1e9, 1e9), st.sampled_from([0.0, 0.5, 1.0, -1.0, Wrong("much")])),
        "event": st.sampled_from([None, "login", "logout", "odd"]),
        "hits": st.one_of(st.none(), st.integers(-40, 40), st.just(Wrong("many"))),
        "user": st.sampled_from([None, "ann", "bob", "x" * 40]),
        "ts": st.integers(0, 9).map(at),
    }
)
BOUND = st.one_of(st.sampled_from([-1, 0, 0.5, 1, 8, 100]), st.floats(-1e6, 1e6))


def of(root: Path, parts: list[list[dict[str, Any]]]) -> Histograms:
    """What an anchor of these collected records holds, sealed and opened again."""
    tables = {f"edge-a-{i:05}": table(rows) for i, rows in enumerate(parts)}
    collected = folder(root / "collected", tables)
    part = histograms.parts(Accepted(Opened(collected, collected), None))[histograms.PART]  # type: ignore[arg-type]
    assert part.schema.names == ["column", "measure", "key", "count"]
    return Histograms.of(part, Hashes.of(ZONE))


def counted(rows: list[dict[str, Any]], policy: Any) -> dict[str, Count]:
    """What judging the records themselves gives."""
    plan_ = plan(policy)
    tallies = judged([table(rows)], plan_).tallies
    return {rule.id: Count(rule.dimension, tallies[rule.id].evaluated, tallies[rule.id].broken) for rule in plan_.rules}


@settings(deadline=None, max_examples=40)
@given(st.lists(ROW, min_size=1, max_size=30), st.integers(0, 30), BOUND, st.sampled_from([["login"], ["odd", "x"]]))
def test_no_count_is_further_off_than_is_told(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], cut: int, bound: float, allowed: list[str]
) -> None:
    new = quality(
        key=["user"],
        rules={
            "amount": {
                "range": {"min": -bound if bound > 0 else bound, "max": abs(bound)},
                "complete": {},
                "finite": {},
            },
            "event": {"allowed": {"values": allowed}, "length": {"min": 4, "max": 5}},
            "hits": {"range": {"min": -3}, "type": {"severity": "warn", "min_pass": 0.1}},
            "user": {"pattern": {"regex": "[a-z]+", "min_pass": 0.5}},
        },
    )
    known = of(tmp_path_factory.mktemp("counted"), [rows[:cut], rows[cut:]])
    found = histograms.judged(known, counted(rows, OLD), OLD, new)
    assert found.unknown == ()
    for id_, right in counted(rows, new).items():
        assert found.counts[id_].evaluated == right.evaluated, id_
        assert abs(found.counts[id_].broken - right.broken) <= found.within.get(id_, 0), id_
    assert set(found.within) <= {"amount.range"}, "small whole numbers and lengths have buckets of their own"


def test_bounds_on_the_edge_of_a_bucket_are_exact_and_within_one_the_error_is_told(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"amount": 1.0}] * 5 + [{"amount": 1.05}] * 3 + [{"amount": -1.0}, {"amount": 7.0}]
    known = of(tmp_path, [rows])
    on_edge = quality(rules={"amount": {"range": {"min": -1, "max": 1}}})
    found = histograms.judged(known, {}, OLD, on_edge)
    assert (found.counts["amount.range"], found.within) == (Count("accuracy", 10, 4), {})
    inside = quality(rules={"amount": {"range": {"max": 1.1}}})
    found = histograms.judged(known, {}, OLD, inside)
    assert found.counts["amount.range"].broken == 2, "three numbers, of which a fifth may lie above: one, and the seven"
    assert found.within == {"amount.range": 3}


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ({"rules": {"user": {"pattern": {"regex": "[a-z.]+"}}}}, "user.pattern"),
        ({"rules": {"hits": {"unique": {}}}}, "hits.unique"),
        ({"rules": {"ts": {"range": {"min": "2026-10-01T00:00:00Z"}}}}, "ts.range"),
        ({"predicates": {"less": {"left": "amount", "op": "<", "right": "hits"}}}, "predicates.less"),
        ({"key": ["ts"]}, "conflicts"),
    ],
)
def test_what_no_histogram_tells_is_named(tmp_path: Path, words: dict[str, Any], unknown: str) -> None:
    rows: list[dict[str, Any]] = [{"amount": 1.0, "user": "ann", "hits": 1, "ts": at(0)}]
    found = histograms.judged(of(tmp_path, [rows]), counted(rows, OLD), OLD, quality(**words))
    assert found.unknown == (unknown,)


def test_no_category_stands_in_the_part(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"event": "secret-event", "user": "secret-user"}] * 3
    collected = folder(tmp_path / "collected", {"edge-a-00000": table(rows)})
    part = histograms.parts(Accepted(Opened(collected, collected), None))[histograms.PART]  # type: ignore[arg-type]
    assert "secret" not in str(part.to_pylist())
