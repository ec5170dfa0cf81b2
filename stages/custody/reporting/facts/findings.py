"""What validate found beyond its rules: drift against the anchor, suspect labels, signs of poisoning.

Whatever part of its report is no rule, no total and no missing value is shown as it stands, as tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.reporting.facts.tables import Table, tables

if TYPE_CHECKING:
    from custody.reporting.reading import Read

KNOWN = frozenset(
    (
        "stage",
        "code",
        "collected",
        "policy",
        "rules",
        "quarantine_rules",
        "records_evaluated",
        "accounting",
        "quarantined_by",
        "score",
        "dimensions",
        "missing",
        "examples",
        "not_evaluated",
    )
)
"""Parts of validate's report that stand elsewhere on the page."""


@dataclass(frozen=True)
class Findings:
    """Tables by the part of the report that they show."""

    anchored: bool
    """The run was compared with an anchor."""
    tables: tuple[Table, ...]


def findings(read: Read) -> Findings:
    """Return every part of validate's report that nothing else shows, in the order of their names."""
    report = read.body("validate")
    found = [table for name in sorted(report.keys() - KNOWN) for table in tables(name, report[name])]
    anchor = report.get("anchor")
    absent = anchor in (None, {}, False) or (isinstance(anchor, dict) and anchor.get("revision", True) is None)
    return Findings(not absent, tuple(found))
