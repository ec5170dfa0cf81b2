"""Missing values by column."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report


def test_what_was_planted_is_missing(yes: Report) -> None:
    found = {column.name: column for column in yes.columns}
    assert found["user"].missing == 23
    assert (found["email"].missing, found["email"].share) == (4407, 0.758389)
    assert found["event"].missing == 0
    assert found["threat_score"].wrong == {"mixed": 6, "not_a_number": 13, "not_finite": 13}


def test_those_that_lack_most_come_first(yes: Report) -> None:
    counts = [column.missing or 0 for column in yes.columns]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) == 13
