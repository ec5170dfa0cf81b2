"""Sources with owners, licenses and digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.document import Name, Number, Paragraph, Section, Table, Words
from custody.reporting.sections.words import NOTHING, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.reporting.document import Part
    from custody.reporting.facts.report import Report
    from custody.reporting.facts.sources import Source


def section(report: Report) -> Section:
    """One line per source, then one per file."""
    if not report.sources:
        return Section("sources", "Sources", (Paragraph(("No figures: the receipt of collect is not here.",)),))
    lines = tuple(_line(source) for source in report.sources)
    files = tuple(line for source in report.sources for line in _files(source))
    more = sum(source.files_left_out for source in report.sources)
    note = f"{more:,} more files stand in data/collected/receipt.json. " if more else ""
    dated = any(file.first for source in report.sources for file in source.files)
    note += "" if dated else "First and last days are not told: the times speak of people."
    head = ("source", "SHA-256", "records", "bytes", *(("first day", "last day") if dated else ()))
    return Section(
        "sources",
        "Sources",
        (
            Table("Provenance", ("source", "what it is", "owner", "license", "basis", "review by", "purposes"), lines),
            Table("Files", head, tuple(line[: len(head)] for line in files), note=note.strip() or None),
        ),
    )


def _line(source: Source) -> tuple[Part, ...]:
    return (
        Name(source.id),
        Words(source.description) if source.description else NOTHING,
        Words(source.owner),
        Words(source.license),
        Words(source.basis),
        Words(source.review_by),
        Words(", ".join(source.purposes)),
    )


def _files(source: Source) -> Iterator[tuple[Part, ...]]:
    for file in source.files:
        yield (
            Name(source.id),
            Name(file.sha256),
            Number(number(file.collected)),
            Number(number(file.bytes)),
            file.first or NOTHING,
            file.last or NOTHING,
        )
