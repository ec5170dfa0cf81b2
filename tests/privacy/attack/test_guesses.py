from __future__ import annotations

import pyarrow as pa

from custody.privacy.attack import guesses
from custody.privacy.text.identifiers import Identifiers


def listed(values: list[str], raw: list[str] | None = None) -> list[Identifiers]:
    return [Identifiers("user", "user", pa.array(values, pa.string()), pa.array(raw or [], pa.string()))]


def test_each_identifier_is_guessed_in_the_spellings_that_go_into_a_hash() -> None:
    assert guesses.blocks(listed(["Alice"], ["b?b"]), full=False) == [["ALICE", "Alice", "alice", "alice\n", "b?b"]]


def test_of_very_many_some_are_guessed_evenly_and_in_a_full_attack_all() -> None:
    many = pa.array([f"{i:06}" for i in range(3 * guesses.MOST)])
    some = guesses.chosen(many, full=False).to_pylist()
    assert len(some) == guesses.MOST
    assert some == many.to_pylist()[::3]
    assert guesses.chosen(many, full=True) == many


def test_nobody_is_nothing_to_guess() -> None:
    assert guesses.blocks([], full=False) == guesses.blocks(listed([]), full=True) == []
