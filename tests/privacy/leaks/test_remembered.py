"""A text that held nothing in one partition is not searched in the next; what is found stays the same."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy.leaks import remembered
from custody.privacy.leaks.remembered import Remembered
from custody.privacy.leaks.searching import Search, Sought, search_for
from custody.privacy.text.search import ANY, LETTERS
from privacy.known_names import build

if TYPE_CHECKING:
    import pytest

KNOWN = build({"user": ["anna", "bob", "7", "root"], "src_ip": ["10.0.0.1"]}, not_personal=["root"])
TEXTS = ["anna", "bob", "7", "ROOT", "10.0.0.1", "10.0.0.2", "x", "for anna", "%61nna", "", "é"]
PARTITIONS = st.lists(st.lists(st.sampled_from(TEXTS), max_size=8), max_size=4)


def column(texts: list[str]) -> pa.Array:
    return pa.array(texts, pa.string())


@settings(deadline=None)
@given(PARTITIONS, st.sampled_from([ANY, LETTERS]))
def test_each_partition_has_the_hits_that_it_has_alone(partitions: list[list[str]], whole: int) -> None:
    search = search_for(KNOWN)
    for texts in partitions:
        told, alone = search.find_each([Sought(column(texts), whole, "c")])[0], KNOWN.find(column(texts))
        if whole == LETTERS:
            alone = search_for(KNOWN).find(column(texts), whole=whole)
        for part in ("row", "start", "end", "identifier", "spelling", "allowed_row"):
            assert getattr(told, part).tolist() == getattr(alone, part).tolist(), part


def searched(search: Search, texts: list[str], whole: int = ANY, name: str = "c") -> list[str]:
    """Return the texts that are searched."""
    return [texts[i] for i in search.remembered.others(name, whole, column(texts)).tolist()]


def test_only_texts_that_held_nothing_are_passed_over() -> None:
    search = search_for(KNOWN)
    search.find_each([Sought(column(["anna", "ROOT", "x", "7"]), LETTERS, "c")])
    assert searched(search, ["x", "anna", "ROOT", "y", "X", "7"], LETTERS) == ["anna", "ROOT", "y", "X"]
    assert searched(search, ["x", "7"], ANY) == ["x", "7"], "with another idea of a whole text"
    assert searched(search, ["x"], LETTERS, "other") == ["x"], "in another column"


def test_texts_of_no_column_are_not_remembered() -> None:
    search = search_for(KNOWN)
    search.find(column(["x"]), whole=ANY)
    assert searched(search, ["x"]) == ["x"]


def test_a_worker_process_begins_with_nothing() -> None:
    search = search_for(KNOWN)
    search.find_each([Sought(column(["x"]), ANY, "c")])
    assert searched(pickle.loads(pickle.dumps(search)), ["x"]) == ["x"]  # noqa: S301  # our own bytes


def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "LIMIT", 3)
    one = Remembered()
    for texts in (["a", "b"], ["c"], ["d"], ["e", "f", "g", "h"]):
        one.add("c", ANY, column(texts))
    assert one.others("c", ANY, column([*"abcdefgh"])).tolist() == [0, 1, 2, 3, 7]
