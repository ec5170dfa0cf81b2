"""Nobody who sees how rows differ, and knows how many rows either release has, can work out a count below k."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from custody.history.counts import Counts
from custody.history.rows_shown import NAMES, by_source, of_all

SMALL = st.one_of(st.integers(0, 6), st.integers(0, 22))
REASONS = st.dictionaries(st.sampled_from(["file", "policy"]), SMALL)
K = st.integers(2, 6)


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    changed = draw(SMALL)
    columns = draw(st.dictionaries(st.sampled_from(["risk", "port"]), st.integers(1, changed))) if changed else {}
    return Counts(draw(SMALL), draw(SMALL), changed, Counter(draw(REASONS)), Counter(draw(REASONS)), Counter(columns))


def exact(one: Counts) -> dict[str, int]:
    return {
        "same": one.same,
        "moved": one.moved,
        "changed": one.changed,
        "added": one.added.total(),
        "removed": one.removed.total(),
    }


def agrees(count: int, told: Any, k: int) -> bool:
    """Could a count be told so?"""
    return bool({None: True, f"<{k}": count < k, f"≥{k}": count >= k}.get(told, count == told))


def possible(totals: tuple[int, int], told: dict[str, Any], k: int) -> list[dict[str, int]]:
    """Every way in which two releases of so many rows may differ, as far as what is told says."""
    found = []
    fewest = 1 if told["changed_columns"] else 0
    for removed in range(totals[0] + 1):
        both = totals[0] - removed
        added = totals[1] - both
        if added < 0 or not (agrees(removed, told["removed"], k) and agrees(added, told["added"], k)):
            continue
        for same in (one for one in range(both + 1) if agrees(one, told["same"], k)):
            for moved in (one for one in range(both - same + 1) if agrees(one, told["moved"], k)):
                changed = both - same - moved
                if changed >= fewest and agrees(changed, told["changed"], k):
                    found.append(dict(zip(NAMES, (same, moved, changed, added, removed), strict=True)))
    return found


NOTHING: dict[str, Any] = {**dict.fromkeys(NAMES), "changed_columns": {}}


@given(counts(), K)
def test_what_is_told_narrows_no_count_below_k_to_one_value(one: Counts, k: int) -> None:
    told, is_ = of_all(one, k), exact(one)
    totals = (sum(is_[name] for name in NAMES) - is_["added"], sum(is_[name] for name in NAMES) - is_["removed"])
    ways = possible(totals, told, k)
    assert is_ in ways, "what is told is true"
    if told["same"] is None:
        assert (told, len(ways)) == (NOTHING | {"added_by": {}, "removed_by": {}}, len(possible(totals, NOTHING, k)))
        return
    for name in NAMES:
        if 0 < is_[name] < k:
            assert len({way[name] for way in ways}) > 1, name


@given(counts(), K)
def test_no_count_below_k_is_shown(one: Counts, k: int) -> None:
    told = of_all(one, k)
    shown = [*(told[name] for name in NAMES), *told["added_by"].values(), *told["removed_by"].values()]
    assert not [count for count in [*shown, *told["changed_columns"].values()] if count in range(1, k)]
    if any(0 < count < k for count in [*one.added.values(), *one.removed.values()]):
        assert told["added_by"] == told["removed_by"] == {}


@given(counts(), K)
def test_few_changed_rows_of_one_column_are_not_what_the_other_leaves(one: Counts, k: int) -> None:
    told = of_all(one, k)["changed_columns"]
    assert set(told) <= set(one.columns)
    if any(count < k for count in one.columns.values()):
        assert set(told.values()) <= {None}


@given(st.dictionaries(st.sampled_from(["auth", "dns", "edge"]), counts(), min_size=1), K)
def test_the_sum_of_all_sources_less_the_others_tells_none(sources: dict[str, Counts], k: int) -> None:
    told = by_source(sources, k)
    whole = told.pop("")
    hidden = [one for one in told.values() if not all(isinstance(one[name], int) for name in NAMES)]
    if len(told) == 1:
        assert whole == next(iter(told.values()))
    elif hidden:
        assert whole == NOTHING | {"added_by": {}, "removed_by": {}}
    else:
        assert {name: whole[name] for name in NAMES} == {
            name: sum(exact(one)[name] for one in sources.values()) for name in NAMES
        }
    unclear = any(None in one["changed_columns"].values() for one in told.values())
    assert not unclear or not any(isinstance(one, int) for one in whole["changed_columns"].values())


def test_sizes_are_told_where_they_tell_nothing_more() -> None:
    one = Counts(1000, 0, 3, Counter(), Counter(policy=2), Counter(risk=3))
    assert of_all(one, 5) == {
        "same": "≥5",
        "moved": "<5",
        "changed": "<5",
        "added": "<5",
        "removed": "<5",
        "changed_columns": {"risk": None},
        "added_by": {},
        "removed_by": {},
    }
    one.removed["policy"] = 4  # four fewer rows, and fewer than five removed: it would be four
    assert (of_all(one, 5)["added"], of_all(one, 5)["removed"], of_all(one, 5)["same"]) == (None, None, "≥5")
    assert of_all(Counts(19, 0, 1), 5)["same"] is None
