"""The accounting on the page adds up to that of the statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_what_flows_in_flows_out(answer: str, request: pytest.FixtureRequest) -> None:
    told: Report = request.getfixturevalue(answer)
    flows, totals = told.accounting.flows, told.accounting.totals
    into = {name: sum(one.records for one in flows if one.end == name) for name in totals}
    out = {name: sum(one.records for one in flows if one.start == name) for name in ("collected", "accepted")}
    sources = {source.id for source in told.sources}
    assert sum(one.records for one in flows if one.start in sources) == totals["read"]
    for name in totals.keys() - {"read"}:
        assert into[name] == totals[name], name
    for name, records in out.items():
        assert records == totals[name], name


def test_reasons_are_exact_and_in_the_order_of_their_counts(yes: Report) -> None:
    for outcome in ("malformed", "skipped", "withheld", "suppressed"):
        counts = [one.records for one in yes.accounting.reasons if one.outcome == outcome]
        assert sum(counts) == yes.accounting.totals[outcome]
        assert counts == sorted(counts, reverse=True)


def test_a_refusal_withholds_nothing_since_nothing_went(no: Report) -> None:
    assert {one.outcome for one in no.accounting.reasons}.isdisjoint({"withheld", "suppressed"})
    assert no.accounting.totals["refused"] == no.accounting.totals["accepted"]
