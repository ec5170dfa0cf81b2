"""The short cut finds what the search finds."""

from __future__ import annotations

import pickle

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy.leaks.searching import Search, search_for
from custody.privacy.text import identifiers
from custody.privacy.text import known as knowns
from privacy.folders import privacy
from support import ZONE

NAMES = ["anna", "bob", "7", "root", "x_y", "123456789", "josé", "a.b", "c-d", "10.0.0.1", "deadbeef"]


def search(names: list[str], not_personal: tuple[str, ...] = ("root",)) -> Search:
    users = identifiers.Identifiers("user", "user", pa.array(sorted(names), pa.string()), pa.array([], pa.string()))
    return search_for(knowns.build([users], privacy().columns, ZONE, not_personal))


SEARCH = search(NAMES)
WORDS = st.lists(
    st.one_of(
        st.sampled_from([*NAMES, "ANNA", "Bob", "annabel", "xanna", "anna_", "user=7", "for bob from x"]),
        st.text("ab0_7.", max_size=6),
        st.none(),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(WORDS, st.booleans())
def test_the_short_cut_finds_what_the_search_finds(texts: list[str | None], whole: bool) -> None:  # noqa: FBT001
    column = pa.array(texts, pa.string())
    quick, slow = SEARCH.find(column, whole=whole), SEARCH.known.find(column, whole=whole)
    for part in ("row", "start", "end", "identifier"):
        assert getattr(quick, part).tolist() == getattr(slow, part).tolist(), part
    assert quick.allowed == slow.allowed


def test_a_token_column_is_looked_up_and_its_hits_are_found() -> None:
    texts = pa.array(["krvukgovlkcn2lcujrykicjw", "anna", "x_y", "ROOT", "bob"])
    hits = SEARCH.find(texts, whole=False)
    assert hits.row.tolist() == [1], "names of three characters count only as a whole cell"
    assert hits.allowed == 1
    assert SEARCH.find(texts, whole=True).row.tolist() == [1, 2, 4]


def test_nothing_to_search_finds_nothing() -> None:
    assert len(SEARCH.find(pa.array([], pa.string()), whole=True)) == 0
    assert len(search([]).find(pa.array(["anna"]), whole=True)) == 0


def test_a_worker_process_searches_the_same() -> None:
    sent = pickle.loads(pickle.dumps(SEARCH))  # noqa: S301  # our own bytes
    texts = pa.array(["for anna.", "bob"])
    assert np.array_equal(sent.find(texts, whole=True).row, SEARCH.find(texts, whole=True).row)


def test_what_counts_anywhere_is_known() -> None:
    assert SEARCH.long_numbers
    assert not search(["12345678"]).long_numbers
    assert not SEARCH.times
