"""Both engines find the leftmost-longest occurrences."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.text import automaton

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Engine: TypeAlias = Callable[[Sequence[bytes]], automaton.Search]

LETTERS = st.binary(max_size=6) | st.text("ab", max_size=6).map(str.encode)
NAMES = st.lists(LETTERS.filter(bool), min_size=1, max_size=12)
TEXTS = st.lists(LETTERS, max_size=40).map(b"".join)


def one_by_one(names: list[bytes], text: bytes) -> list[list[int]]:
    """From left to right, the longest name that begins in a place; the next search is behind it."""
    found, place = [], 0
    while place < len(text):
        longest = max((name for name in names if text.startswith(name, place)), key=len, default=b"")
        if longest:
            found.append([names.index(longest), place, place + len(longest)])
        place += max(len(longest), 1)
    return found


@pytest.mark.parametrize("engine", [automaton.ahocorasick, automaton.daachorse])
@given(names=NAMES, text=TEXTS)
def test_an_engine_finds_what_is_found_one_by_one(engine: Engine, names: list[bytes], text: bytes) -> None:
    if engine is automaton.daachorse:
        pytest.importorskip(automaton.PACKAGE)
    assert engine(names)(text).T.tolist() == one_by_one(names, text)


@given(names=NAMES, texts=st.lists(TEXTS, max_size=3), size=st.sampled_from([1, 300, 3000]))
def test_engines_agree_among_many_other_names(names: list[bytes], texts: list[bytes], size: int) -> None:
    pytest.importorskip(automaton.PACKAGE)
    many = [*names, *(f"{nth * 7919 % 9973}.{nth}".encode() for nth in range(size))]
    text = b" ".join([*texts, *many[::97], *texts])
    assert automaton.daachorse(many)(text).tolist() == automaton.ahocorasick(many)(text).tolist()


def test_without_the_faster_engine_or_of_too_many_names_the_other_one_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton, "daachorse", None)
    monkeypatch.setattr(automaton, "PACKAGE", "no_such_engine")
    assert automaton.leftmost_longest([b"a", b"ab"])(b"xab").tolist() == [[1], [1], [3]]
    monkeypatch.undo()
    monkeypatch.setattr(automaton, "MOST", 1)
    monkeypatch.setattr(automaton, "daachorse", None)
    assert automaton.leftmost_longest([b"a", b"ab"])(b"xab").tolist() == [[1], [1], [3]]
