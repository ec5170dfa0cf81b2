"""Each signal finds what was planted, names how many records, and is quiet where nothing is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.policy.signals import Signals
from custody.quality.signals import evaluating
from custody.quality.signals.finding import Finding
from quality.collecting import SCHEMA, Wrong, at
from quality.watching import cut, look, marked, pinned, seen, told


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    """Labelled records, each with features of its own; labels alternate and do not hang on features."""
    return [
        {"amount": 1 + i % 7 / 10, "hits": i, "event": "ab"[i % 2], "user": f"u{i}", "ts": at(i), **more}
        for i in range(count)
    ]


def test_conflicting_labels_are_found_by_value_of_all_features() -> None:
    same = {"amount": 1.5, "hits": 900}
    planted = [*rows(50), {**same, "event": "a"}, {**same, "event": "b", "user": "x"}, {**same, "event": "b"}, {**same}]
    found = look(planted, "conflicting_labels")
    assert told(found) == [("conflicting_labels", "", 3, 53)]
    assert marked(found) == [50, 51, 52], "the record without a label contradicts nobody"
    assert found.findings[0].figures == {"feature_vectors": 1}
    assert told(look(rows(50), "conflicting_labels")) == []


def test_a_source_of_one_class_is_found_and_its_unlabelled_records_left_alone() -> None:
    planted = [*rows(30), *[{**row, "event": "a", "source": "sshd"} for row in rows(20)], {"source": "sshd"}]
    found = look(planted, "one_class", min_records=20)
    assert told(found) == [("one_class", "sshd", 20, 20)]
    assert marked(found) == list(range(30, 50))
    assert told(look(planted, "one_class", min_records=21)) == []


def test_one_class_in_all_data_is_one_finding() -> None:
    planted = [{**row, "event": "a"} for row in rows(5)]
    assert told(look(planted, "one_class")) == [("one_class", "", 5, 5)]
    assert told(look([{"event": "a"}], "one_class")) == [("one_class", "", 1, 1)], "a single record, too"


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([{"hits": 5}] * 100, [("constant", "hits", 100, 100)]),
        ([{"hits": 5}] * 99 + [{"hits": 900}], []),
        ([{}] * 100, [("constant", "amount", 100, 100), ("constant", "hits", 100, 100)]),
        ([{"amount": float("inf")}] * 100, []),
    ],
    ids=["constant", "nearly", "all-null", "infinite"],
)
def test_constant_features_are_found(values: list[dict[str, Any]], found: list[Any]) -> None:
    planted = [
        {**row, "hits": row["hits"] * 2} | {"hits": i, "amount": float(i)} | {} for i, row in enumerate(rows(100))
    ]
    changed = [
        {name: one for name, one in row.items() if name not in ("amount", "hits") or value} | value
        for row, value in zip(planted, values, strict=True)
    ]
    assert told(look(changed, "constant")) == found


def test_a_flood_of_copies_is_found_by_source_and_class_with_the_balance_without_it() -> None:
    flood = [rows(1)[0] | {"event": "a"}] * 61
    found = look([*rows(40), *flood], "duplicate_flood", min_records=20)
    assert told(found) == [("duplicate_flood", "edge", 61, 81)], "the first record of the flood stands among the others"
    assert marked(found) == list(range(40, 101))
    assert found.findings[0].figures["largest_label"] == round(81 / 101, 6)
    assert found.findings[0].figures["largest_label_without"] == 0.5
    assert told(look([*rows(40), *flood[:10]], "duplicate_flood", min_records=20)) == []


def test_a_subgroup_out_of_balance_is_found_where_its_size_does_not_explain_it() -> None:
    planted = [*rows(500), *[{**row, "event": "a", "source": "sshd"} for row in rows(100)]]
    found = look(planted, "balance", max_difference=0.2)
    assert told(found) == [("balance", "sshd", 100, 600)]
    assert told(look(planted[:520], "balance", max_difference=0.2, min_records=1)) == [], "20 of one label is chance"


def test_groups_of_a_column_are_counted_and_never_named() -> None:
    schema = {**SCHEMA, "team": "category"}
    planted = [{**row, "team": "red" if i < 400 else "blue"} for i, row in enumerate(rows(500))]
    planted += [{**row, "event": "a", "team": "secret"} for row in rows(200)]
    found = look(planted, "balance", schema=schema, by=["team"], max_difference=0.2)
    assert told(found) == [("balance", "team", 200, 700)]
    assert found.findings[0].figures["groups"] == 1
    assert "secret" not in str(found.findings)


def test_a_block_that_was_appended_to_the_anchored_version_is_found() -> None:
    before = rows(60)
    block = [{**row, "event": "b", "hits": 1000 + row["hits"]} for row in rows(25)]
    found = look([*before, *block], "appended_block", pinned(before))
    assert told(found) == [("appended_block", "edge", 25, 85)]
    assert marked(found) == list(range(60, 85))
    assert found.findings[0].severity == "high", "all of one class"
    assert found.findings[0].figures == {"anchored": 60, "labels": 1, "largest_label": 1.0, "largest_label_before": 0.5}
    assert told(look(before, "appended_block", pinned(before))) == []
    changed = [{**before[0], "hits": 5}, *before[1:], *block]
    assert told(look(changed, "appended_block", pinned(before))) == [], "this is another file, not a longer one"
    swapped = [before[1], before[0], *before[2:], *block]
    assert told(look(swapped, "appended_block", pinned(before))) == []


def test_outliers_are_found_on_a_linear_and_on_a_log_scale() -> None:
    planted = rows(1000)
    planted[7] |= {"amount": 500.0}
    found = look(planted, "outliers", max_share=0.0)
    assert ("outliers", "amount", 1, 1000) in told(found)
    heavy = [{**row, "amount": 2.0 ** (i % 20)} for i, row in enumerate(rows(1000))]
    assert "amount" not in {one.where for one in look(heavy, "outliers").findings}, "a long tail is no outlier"
    heavy[3] |= {"amount": 1e300}
    assert ("outliers", "amount", 1, 1000) in told(look(heavy, "outliers", max_share=0.0))
    infinite = [{**row, "amount": float("inf")} for row in rows(3)]
    assert told(look(infinite, "outliers")) == [], "no number at all"


def test_an_isolation_forest_sets_apart_what_stands_alone() -> None:
    planted = [{**row, "amount": 1.0 + i % 50 / 100, "hits": i % 37} for i, row in enumerate(rows(300))]
    planted[11] |= {"amount": 1e6, "hits": -(10**6)}
    found = look(planted, "isolation_forest", max_score=0.7, max_share=0.0)
    assert told(found) == [("isolation_forest", "", 1, 300)]
    assert told(look(planted[:10], "isolation_forest", max_score=0.75)) == []


def test_drift_new_and_vanished_categories_and_schema_are_found() -> None:
    before = [{**row, "amount": float(i % 100)} for i, row in enumerate(rows(2000))]
    after = [{**row, "amount": float(30 + i % 100)} for i, row in enumerate(rows(2000))]
    after = [{**row, "event": "a" if row["event"] == "a" else "new"} for row in after]
    found = look(after, "drift", pinned(before))
    codes = {(one.code, one.where): one for one in found.findings}
    assert ("drift", "amount") in codes
    assert codes["new_category", "event"].count == 1000
    assert codes["vanished_category", "event"].count == 1
    assert ("drift", "user") not in codes
    assert told(look(before, "drift", pinned(before))) == []
    other = look(after, "drift", pinned(before, {**SCHEMA, "gone": "text", "hits": "number"}))
    assert {(one.where, one.what.split()[2]) for one in other.findings if one.code == "schema_drift"} == {
        ("gone", "removed"),
        ("hits", "retyped"),
    }


@pytest.mark.parametrize("name", ["drift", "appended_block"])
def test_without_an_anchor_a_comparison_says_so(name: str) -> None:
    assert look(rows(5), name).reason == "no_anchor"


@pytest.mark.parametrize("name", ["conflicting_labels", "one_class", "balance", "label_audit"])
def test_without_any_label_a_signal_of_labels_is_not_evaluated(name: str) -> None:
    assert look([{"hits": 1}, {}], name).reason == "no_label"
    assert look([], name).reason == "no_label"


ALL: dict[str, Any] = {name: {} for name in evaluating.LOOKS}
ROW = st.fixed_dictionaries(
    {"event": st.sampled_from(["a", "b", None]), "source": st.sampled_from(["edge", "sshd"])},
    optional={
        "amount": st.one_of(st.floats(), st.just(Wrong("much"))),
        "hits": st.integers(-(2**63), 2**63 - 1),
        "ts": st.integers(-(2**33), 2**34).map(at),
        "user": st.text(max_size=3),
    },
)
SMALL = {name: {"min_records": 1} for name in ("one_class", "duplicate_flood", "balance")}
ANCHORED = pinned(rows(8))


@given(st.lists(ROW, max_size=25), st.integers(0, 25), st.integers(0, 25), st.booleans())
@settings(max_examples=60)
def test_chunked_equals_whole(found: list[dict[str, Any]], one: int, other: int, anchored: bool) -> None:  # noqa: FBT001
    pin, words = ANCHORED if anchored else None, {**ALL, **SMALL}
    whole = evaluating.evaluate(seen([found], words, pin))
    parts = evaluating.evaluate(seen(cut(found, one, other), words, pin))
    assert evaluating.body(parts) == evaluating.body(whole)
    for name, outcome in whole.items():
        if outcome.records is not None:
            assert marked(parts[name]) == marked(outcome), name
    assert not any(outcome.reason == "check_failed" for outcome in whole.values())


def test_a_look_that_fails_is_told_and_the_others_go_on() -> None:
    state = seen([rows(3)], {"one_class": {}, "constant": {}})
    object.__setattr__(state.watch, "features", None)
    outcomes = evaluating.evaluate(state)
    assert (outcomes["constant"].reason, outcomes["one_class"].reason) == ("check_failed", None)


def test_an_id_stays_while_what_was_found_stays() -> None:
    one = Finding("drift", "hits", 5, 10, "low", "review", "records", {"psi": 0.2})
    again = Finding("drift", "hits", 5, 10, "high", "warn", "rows", {"psi": 0.2})
    assert one.id == again.id
    others = [
        Finding("drift", "hits", 6, 10, "low", "review", ""),
        Finding("drift", "amount", 5, 10, "low", "review", ""),
    ]
    assert len({one.id, *(other.id for other in others)}) == 3


def test_the_policy_names_the_signals_that_exist() -> None:
    assert set(Signals.model_fields) == set(evaluating.LOOKS)
