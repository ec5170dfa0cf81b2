"""Where every record went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.charts import bars, flow
from custody.reporting.document import Drawing, Name, Number, Section, Table
from custody.reporting.sections.words import number

if TYPE_CHECKING:
    from custody.reporting.facts.accounting import Accounting
    from custody.reporting.facts.report import Report

STEPS = (
    ("read", "records in the named sources", True),
    ("malformed", "could not be read", False),
    ("skipped", "no records: headers, blank lines, lines that the policy skips", False),
    ("collected", "in one schema", True),
    ("quarantined", "break a rule that quarantines", False),
    ("accepted", "good enough to learn from", True),
    ("suppressed", "in a group of too few people", False),
    ("withheld", "no purpose or consent, or past retention", False),
    ("refused", "not released, since the decision is no", False),
    ("released", "rows of the training set", True),
)


def section(report: Report) -> Section:
    """The flow, the totals, the reasons."""
    told = report.accounting
    steps = [(name, told.totals.get(name) or 0, good) for name, _, good in STEPS]
    drawing = Drawing(flow.flow(told.flows), "", bars.ladder(steps))
    reasons = tuple((one.outcome, Name(one.reason), Number(number(one.records))) for one in told.reasons)
    return Section(
        "accounting",
        "Where every record went",
        (
            drawing,
            _totals(told),
            Table(
                "Reasons",
                ("outcome", "reason", "records"),
                reasons,
                folded=True,
                note="A record that breaks several rules counts under each.",
            ),
        ),
    )


def _totals(told: Accounting) -> Table:
    lines = tuple((name, words, Number(number(told.totals.get(name)))) for name, words, _ in STEPS)
    note = (
        "read = collected + malformed + skipped; collected = accepted + quarantined; "
        "accepted = released + suppressed + withheld, or all refused."
    )
    return Table("Records at each step", ("step", "what it means", "records"), lines, note=note)
