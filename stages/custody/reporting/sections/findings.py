"""Drift, labels and poisoning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.document import Name, Number, Paragraph, Section, Table
from custody.reporting.sections.words import cell, generic, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.reporting.document import Block, Part
    from custody.reporting.facts.findings import Finding, Findings, Signal
    from custody.reporting.facts.report import Report

FOUND = ("finding", "severity", "records", "of", "what was found", "figures", "what follows")
FOLLOWS = {
    "warn": "told",
    "review": "waits for a review",
    "quarantine": "its records are kept out",
    "refuse": "refuses the release",
}
REASONS = {
    "no_anchor": "no: there is no anchor to compare with",
    "no_label": "no: no record has a label",
    "no_records": "no: there is no record",
    "check_failed": "no: looking for it failed on this data",
}


def section(report: Report) -> Section:
    """Every finding, the gravest first, and what was looked for; without an anchor, that nothing was compared."""
    return Section("findings", "Drift, labels, poisoning", tuple(_blocks(report.findings)))


def _blocks(findings: Findings) -> Iterator[Block]:
    yield Paragraph(
        (
            "Compared with the anchor."
            if findings.anchored
            else "No anchor: drift and labels were not compared with an earlier version. "
            "custody anchor set REV pins one.",
        )
    )
    if findings.found:
        note = "Once people have looked at a finding, its id goes under gate.reviewed with a date."
        yield Table("Findings", FOUND, tuple(map(_finding, findings.found)), note=note)
    elif findings.signals:
        yield Paragraph(("Nothing was found.",))
    if findings.signals:
        head = ("signal", "looked for", "findings")
        yield Table("What was looked for", head, tuple(map(_signal, findings.signals)), folded=True)
    yield from map(generic, findings.tables)


def _finding(one: Finding) -> tuple[Part, ...]:
    figures = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in one.figures)
    return (
        Name(one.id),
        one.severity,
        cell(one.count),
        Number(number(one.of)),
        f"{one.what} ({one.where})" if one.where else one.what,
        figures or "-",
        FOLLOWS.get(one.action, one.action),
    )


def _signal(one: Signal) -> tuple[Part, ...]:
    said = "yes" if one.evaluated else REASONS.get(str(one.reason), f"no: {one.reason}")
    return Name(one.name), said, Number(number(one.findings))
