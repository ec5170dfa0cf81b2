"""Did the data get worse, or the policy stricter?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.history.attribution import sentence, signed
from custody.reporting.document import Name, Number, Paragraph, Section, Table
from custody.reporting.sections.words import NOTHING, percent

if TYPE_CHECKING:
    from custody.history.attribution import RuleChange
    from custody.reporting.document import Part
    from custody.reporting.facts.report import Report

MOST = 50
HEAD = ("rule", "score", "by policy", "by data", "pass rate before", "now")


def section(report: Report) -> Section:
    """The change of the score in one sentence, and every rule with a part in it."""
    compared = report.compared
    title = "Data or policy?"
    if compared is None:
        said = "Nothing to compare with: no earlier decision stands in git's history."
        return Section("changes", title, (Paragraph((said,)),))
    told = compared.attribution
    said = f"{sentence(told)}. {compared.how}" if told.rules else "no rule's figure moved."
    since = Paragraph(("Since ", Name(compared.base[:10]), f": {said}"))
    if not told.rules:
        return Section("changes", title, (since,))
    left = len(told.rules) - MOST
    more = f" {left:,} more rules moved less." if left > 0 else ""
    note = f"Parts of each rule in the change of the score; they add up to it.{more}"
    return Section("changes", title, (since, Table("By rule", HEAD, tuple(map(_line, told.rules[:MOST])), note=note)))


def _line(rule: RuleChange) -> tuple[Part, ...]:
    parts = (rule.score.total, rule.score.policy, rule.score.data)
    return (
        Name(rule.id),
        *(Number(NOTHING if part is None else signed(part)) for part in parts),
        Number(percent(rule.before)),
        Number(percent(rule.after)),
    )
