"""Mixed types: which lexical class a text is of, and which class a column is."""

from __future__ import annotations

import pytest

from custody.quality.checks import uniform
from quality.collecting import Wrong, broken, cells, judged, listed, plan, quality, table

CASES = {
    0: ["login", "4o4", "1.2.3.4", "12:3", "2026-10", "1e", "-", "", "٣", "nan", "1 2", "2026-10-01 at noon"],
    1: ["2026-10-01", "2026-10-01T10:00:00Z", "2026-10-01 10:00:00.5+02:00", "10:15", "10:15:59,25"],
    2: ["404", "-1", "+1.5", ".5", "5.", "1e9", "0007"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in CASES.items() for text in texts])
def test_a_text_is_of_one_class(kind: int, text: str) -> None:
    assert [listed(mask) for mask in uniform.classes(cells("category", [text]))] == [[kind == i] for i in range(3)]


def test_a_missing_cell_is_of_none_and_a_wrong_one_counts_by_its_text() -> None:
    found = uniform.classes(cells("ip", ["10.0.0.1", None, Wrong("17", "not_an_address")]))
    assert [listed(mask) for mask in found] == [[True, False, False], [False, False, False], [False, False, True]]


def test_a_column_of_numbers_is_not_judged() -> None:
    with pytest.raises(TypeError):
        uniform.classes(cells("number", [1.0]))


def test_between_equally_usual_classes_text_stands() -> None:
    assert [uniform.usual(counts) for counts in ([1, 1, 1], [0, 2, 2], [0, 0, 1], [0, 0, 0])] == [0, 1, 2, 0]


def test_the_rarer_class_of_the_whole_data_set_breaks_even_where_a_partition_holds_nothing_else() -> None:
    plan_ = plan(quality(rules={"event": {"uniform": {}}}))
    rare = table([{"event": "404"}, {"event": None}, {"event": "2026-10-01"}])
    usual = table([{"event": word} for word in ("login", "logout", "alert")])
    merged = judged([rare, usual], plan_)
    assert broken(merged, plan_)["event.uniform"] == [0, 2]
    assert merged.tallies["event.uniform"].evaluated == 5
