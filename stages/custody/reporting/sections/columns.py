"""The columns and what is missing in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.charts import bars
from custody.reporting.document import Drawing, Name, Number, Section, Table
from custody.reporting.sections.words import NOTHING, number, short

if TYPE_CHECKING:
    from custody.reporting.document import Part
    from custody.reporting.facts.columns import Column
    from custody.reporting.facts.report import Report


def section(report: Report) -> Section:
    """One line per column, those that lack most first."""
    lines = tuple(_line(column) for column in report.columns)
    head = ("column", "missing", "records", "type", "role", "technique", "values not of the type")
    note = (
        "Over collected records, before quarantine. A column that a source does not have is missing in all its records."
    )
    return Section("columns", "Missing values", (Table("Columns", head, lines, note=note),))


def _line(column: Column) -> tuple[Part, ...]:
    share: Part = NOTHING if column.share is None else Drawing(bars.share(column.share), short(column.share))
    wrong = ", ".join(f"{reason} {records:,}" for reason, records in column.wrong.items())
    return (
        Name(column.name),
        share,
        Number(number(column.missing)),
        column.type,
        column.role,
        column.technique,
        Name(wrong) if wrong else NOTHING,
    )
