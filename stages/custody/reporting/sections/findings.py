"""Drift, labels and poisoning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.document import Paragraph, Section
from custody.reporting.sections.words import generic

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report


def section(report: Report) -> Section:
    """Everything that validate found beyond its rules; without an anchor, that nothing was compared."""
    findings = report.findings
    said = (
        "Compared with the anchor."
        if findings.anchored
        else "No anchor: drift and labels were not compared with an earlier version. custody anchor set REV pins one."
    )
    return Section("findings", "Drift, labels, poisoning", (Paragraph((said,)), *map(generic, findings.tables)))
