"""What is told of rows that a rebuild made otherwise: exact where it may be, by size where fewer than k would show."""

from __future__ import annotations

from collections import Counter

import pytest

from custody.history.counts import Counts
from custody.history.rebuild.released import lines


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Counts(100, 0, 20, columns=Counter(risk=20)), ["rows: 100 same, 20 changed", "columns: risk"]),
        (
            Counts(100, added=Counter(file=7), removed=Counter(file=9)),
            ["rows: 100 same, 7 rebuilt alone, 9 recorded alone"],
        ),
        (
            Counts(100, 0, 3, columns=Counter(risk=3)),
            ["rows: ≥5 same, <5 moved, <5 changed, <5 rebuilt alone, <5 recorded alone", "columns: risk"],
        ),
        (Counts(100, added=Counter(file=1)), ["rows: ≥5 same, <5 moved, <5 changed"]),
        (Counts(10, 0, 3, columns=Counter(risk=3)), ["rows: too few to tell"]),
    ],
)
def test_rows_are_told_as_people_may_see_them(found: Counts, said: list[str]) -> None:
    assert lines(found, 5) == said
