"""The quick ways to hits give what the thorough ones give."""

from __future__ import annotations

import ahocorasick_rs
import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy.text import boundaries, folding, known, matching, places, search
from custody.privacy.text.haystack import Found, Haystack
from privacy.known_names import build

NAMES = build(
    {
        "user": ["anna", "anna lee", "lee grant", "grant", "annabel", "bob", "7", "12", "王小明", "email", "root1"],
        "email": ["anna@corp.com", "bob@corp.com"],
        "src_ip": ["10.0.0.1", "10.0.0.11", "fe80::1"],
        "nic": ["aa:bb:cc:00:11:22"],
    }
)
PIECES = [
    *["anna", "annabel", "annab", "anna lee grant", "lee", "grant", "BOB", "bob", "7", "12", "王小明", "é", "<email>"],
    *[
        "anna@corp.com",
        "x.anna@corp.com",
        "anna%40corp.com",
        "%3D",
        "\\n",
        ".",
        "-",
        "_",
        ":",
        "@",
        " ",
        "  ",
        "\u3000",
    ],
    *["10.0.0.1", "10.0.0.11", "10.0.0.1.5", "fe80::1", "fe80::1:2", "aa:bb:cc:00:11:22", "user ", "for ", " from "],
    *["user=", "uid: ", 'login="', "acct=[", "b.", "+", ","],
]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=7).map("".join), max_size=8)


def haystack(texts: list[str]) -> Haystack:
    return Haystack(folding.fold(pa.array(texts, pa.string())))


def thorough(names: known.Known, hay: Haystack, *, whole: bool) -> Found:
    """Resolve every hit of every text."""
    chosen = np.flatnonzero(names.placed)
    listed = places.Places(names.names.take(pa.array(chosen)), chosen)
    tokens = np.flatnonzero(~names.placed)
    found = [matching.Tokens(names.names.take(pa.array(tokens)), tokens).find(hay), listed.search(hay)]
    found += [names.finder._spellings.find(hay), names.finder._decoded(hay, search.DEPTH)]
    if whole:
        row = np.arange(len(hay.texts))
        trimmed = [text.strip() for text in hay.texts.to_pylist()]
        spelled = {names.names[i].as_py(): i for i in chosen.tolist()}
        hits = np.array([i for i, text in enumerate(trimmed) if text in spelled], dtype=np.int64)
        ids = np.array([spelled[trimmed[i]] for i in hits.tolist()], dtype=np.int64)
        found.append(Found(row[hits], hay.offsets[hits], hay.offsets[hits + 1], ids))
    return matching.resolve(found)


@settings(deadline=None)
@given(TEXTS, st.booleans())
def test_settled_texts_and_the_others_together_have_the_hits_of_the_full_search(texts: list[str], whole: bool) -> None:  # noqa: FBT001  # drawn
    hay = haystack(texts)
    hits, expected = NAMES.search(hay, whole=whole), thorough(NAMES, hay, whole=whole)
    first = hay.offsets[expected.row]
    assert hits.row.tolist() == expected.row.tolist()
    assert hits.start.tolist() == (expected.start - first).tolist()
    assert hits.end.tolist() == (expected.end - first).tolist()
    assert hits.identifier.tolist() == (expected.identifier % len(NAMES)).tolist()


@pytest.mark.parametrize(("name", "value"), [("WINDOW", 1), ("WINDOW", 30), ("LONG", 1)])
def test_windows_and_long_names_change_no_hit(monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    texts = [left + " " + right for left in PIECES for right in PIECES]
    before = NAMES.find(pa.array(texts))
    monkeypatch.setattr(matching, name, value)
    after = NAMES.find(pa.array(texts))
    assert after.row.tolist() == before.row.tolist()
    assert after.start.tolist() == before.start.tolist()
    assert after.identifier.tolist() == before.identifier.tolist()


def test_a_text_is_settled_where_every_longest_name_is_a_token_and_left_where_one_is_not() -> None:
    hay = haystack(["for anna and bob", "annabelle", "anna lee grant", "ann", "a", "nothing"])
    found, left = matching.Tokens(NAMES.names, np.arange(len(NAMES))).settled(hay)
    assert left.tolist() == [False, True, False, True, True, False], "`anna` stands across two texts"
    assert NAMES.names.take(pa.array(found.identifier)).to_pylist() == ["anna", "bob", "anna lee", "grant"]


@settings(deadline=None)
@given(TEXTS, st.sampled_from([1, 12, matching.WINDOW]))
def test_the_full_search_finds_every_occurrence_that_is_a_token_in_whatever_texts_it_looks(
    texts: list[str], window: int
) -> None:
    hay, names = haystack(texts), NAMES.names.cast(pa.binary()).to_pylist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "WINDOW", window)
        found = matching.Tokens(NAMES.names, np.arange(len(names))).find(hay)
    machine, boundary = ahocorasick_rs.BytesAhoCorasick(names), boundaries.Boundary(NAMES.names)
    expected = matching.search(machine, max(map(len, names)), hay, boundary.holds)
    assert set(zip(*found, strict=True)) == set(zip(*expected, strict=True))


def test_texts_without_names_need_no_automaton_for_overlapping_ones() -> None:
    searcher = matching._Searcher(NAMES.names, np.arange(len(NAMES)))
    assert not len(searcher.find(haystack(["nothing", "ann", "", "x"])).row)
    assert "_machine" not in vars(searcher)
    assert len(searcher.find(haystack(["nothing", "ann", "anna lee", "a"])).row) == 3
    assert "_machine" in vars(searcher)


@settings(deadline=None)
@given(TEXTS)
def test_the_glance_at_both_neighbors_judges_as_the_whole_judgement(texts: list[str]) -> None:
    hay = haystack(texts)
    seen: list[tuple[list[bool], list[bool]]] = []
    boundary = boundaries.Boundary(NAMES.names)

    def both(where: Haystack, found: Found) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        quick, slow = boundary.holds(where, found), boundary.judge(where, found)
        seen.append((quick.tolist(), slow.tolist()))
        return quick

    machine = ahocorasick_rs.BytesAhoCorasick(NAMES.names.cast(pa.binary()).to_pylist())
    matching.search(machine, 30, hay, both)
    assert all(quick == slow for quick, slow in seen)


@settings(deadline=None)
@given(TEXTS)
def test_the_probe_of_places_passes_over_no_hit(texts: list[str]) -> None:
    hay = haystack(texts)
    chosen = np.flatnonzero(NAMES.placed)
    found = places.Places(NAMES.names.take(pa.array(chosen)), chosen)
    assert sorted(zip(*found.find(hay), strict=True)) == sorted(zip(*found.search(hay), strict=True))


def test_the_probe_of_places_finds_every_cue_with_every_kind_of_short_name() -> None:
    names = ["7", "-7", "12345678", "1.5", "1234,567", "bob", "a.b", "a-", "é", "日", "né_", "+1"]
    texts = [
        f"{'corp' if before in places.DOMAINS else start}{before}{name}{after}{end}"
        for i, (before, after) in enumerate(places.CUES)
        for name in names
        if before not in {*places.PATHS, *places.DOMAINS} or not name.strip("+-")[0].isdigit()
        for start, end in ([("", ""), ("(", ".")] if i % 2 else [("", ",-"), ("(", " x"), ("", '"')])
    ]
    assert pl.Series(texts).str.contains(places.probe_for()).all()
