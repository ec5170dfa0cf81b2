from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.techniques import Mask
from custody.privacy.techniques import mask
from support import ZONE

CASES = [
    # value, keep_first, keep_last, masked
    ("alice", 0, 0, "*****"),
    ("alice", 1, 1, "a***e"),
    ("alice", 2, 1, "*****"),  # would show more than half
    ("alicia", 2, 1, "al***a"),  # exactly half
    ("al", 1, 1, "**"),  # a short value never shows all of itself
    ("al", 0, 1, "*l"),
    ("a", 1, 0, "*"),
    ("", 2, 2, ""),
    ("日本語学校", 1, 1, "日***校"),  # characters, not bytes
    ("ßßßßß", 0, 2, "***ßß"),
    (None, 1, 1, None),
]


def masked(value: str | None, first: int, last: int) -> str | None:
    column = Mask(role="direct", technique="mask", keep_first=first, keep_last=last)
    result: str | None = mask.apply(pa.array([value], pa.string()), column, "user", ZONE)[0].as_py()
    return result


@pytest.mark.parametrize(("value", "first", "last", "expected"), CASES)
def test_what_is_not_kept_becomes_stars(value: str | None, first: int, last: int, expected: str | None) -> None:
    assert masked(value, first, last) == expected


@given(
    st.text(st.characters(exclude_characters="*", exclude_categories=["Cs"]), min_size=1),
    st.integers(0, 8),
    st.integers(0, 8),
)
def test_at_least_half_of_every_value_is_hidden(value: str, first: int, last: int) -> None:
    shown = masked(value, first, last)
    assert shown is not None
    assert len(shown) == len(value)
    assert 2 * shown.count("*") >= len(value)
