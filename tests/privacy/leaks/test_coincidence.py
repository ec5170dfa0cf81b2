"""Whether a name stands in a text as a word is what the pattern says, which is not made for each name."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from custody.privacy.leaks import coincidence

LETTERS = "ab_1.é \u0301İ-"


@given(st.text(LETTERS, min_size=1, max_size=3), st.text(LETTERS, max_size=12))
@example("10.20.0.1", "10.20.0.11 10.20.0.1")
@example("aa", "aaa aa")
@example("a", "")
def test_a_word_is_what_the_pattern_finds(name: str, text: str) -> None:
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
    assert coincidence._is_word(name, text) == found
