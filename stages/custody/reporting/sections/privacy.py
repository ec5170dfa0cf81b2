"""How the people in the data are protected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.document import Name, Number, Paragraph, Section, Table
from custody.reporting.sections.words import cell, generic, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.reporting.document import Block
    from custody.reporting.facts.report import Report


def section(report: Report) -> Section:
    """Figures of risk and of the leak scan, then what was redacted."""
    return Section("privacy", "People", tuple(_blocks(report)))


def _blocks(report: Report) -> Iterator[Block]:
    privacy = report.privacy
    if not privacy.figures:
        yield Paragraph(("No figures: the report of anonymize is not here.",))
        return
    if not privacy.measured:
        yield Paragraph(("Not everything could be measured; what was not refuses the release.",))
    lines = tuple((figure.words, cell(figure.value)) for figure in privacy.figures)
    note = None if privacy.k is None else f"Counts of people below k = {privacy.k} are not told."
    yield Table("Risk and leak scan", ("figure", "value"), lines, note=note)
    if privacy.redactions:
        redacted = tuple(
            (Name(kind), Number(number(value if isinstance(value, int) else None)))
            for kind, value in privacy.redactions.items()
        )
        yield Table("Replaced in text", ("kind", "times"), redacted)
    yield from map(generic, privacy.others)
