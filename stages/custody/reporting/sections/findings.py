"""Drift, labels and poisoning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.charts import bars
from custody.reporting.document import Drawing, Mark, Name, Number, Paragraph, Section, Table
from custody.reporting.sections.words import cell, generic, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.reporting.document import Block, Part
    from custody.reporting.facts.findings import Drift, Finding, Findings, Signal
    from custody.reporting.facts.report import Report
    from custody.reporting.facts.tables import Value

FOUND = ("finding", "severity", "records", "of", "what was found", "figures", "what follows")
DRIFT = (
    "column",
    "answer",
    "of what is allowed",
    "measure",
    "effect",
    "allowed",
    "in new categories",
    "categories gone",
)
MEASURES = {"psi": "population stability", "jensen_shannon": "Jensen-Shannon"}
FOLLOWS = {
    "warn": "told",
    "review": "waits for a review",
    "quarantine": "its records are kept out",
    "refuse": "refuses the release",
}
SHARES = frozenset(
    {"share", "expected", "difference", "largest_label", "largest_label_before", "largest_label_without"}
)
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
    if findings.drift:
        note = "Allowed: what chance explains at these two sizes, or the policy's floor; past the mark it is drift."
        yield Table("Drift by column", DRIFT, tuple(map(_drift, findings.drift)), note=note)
    if findings.signals:
        head = ("signal", "looked for", "findings")
        yield Table("What was looked for", head, tuple(map(_signal, findings.signals)), folded=True)
    yield from map(generic, findings.tables)


def _finding(one: Finding) -> tuple[Part, ...]:
    figures = ", ".join(said for name, value in one.figures if (said := _figure(name, value)))
    return (
        Name(one.id),
        one.severity,
        cell(one.count),
        Number(number(one.of)),
        f"{one.what} ({one.where})" if one.where else one.what,
        figures or "-",
        FOLLOWS.get(one.action, one.action),
    )


def _drift(one: Drift) -> tuple[Part, ...]:
    used = (one.effect or 0) / one.threshold if one.threshold else 0.0
    return (
        Name(one.column),
        Mark(not one.drifted, "drifted" if one.drifted else "as before"),
        Drawing(bars.share(used, limit=True), percent(round(used, 3))),
        MEASURES.get(one.measure, one.measure),
        Number(number(one.effect)),
        Number(number(one.threshold)),
        cell(one.new),
        Number(number(one.vanished)),
    )


def _figure(name: str, value: Value) -> str:
    words = name.replace("_", " ")
    if name == "log_scale":
        return words if value else ""
    shown = (
        percent(value)
        if name in SHARES and isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else value
    )
    return f"{words} {shown}"


def _signal(one: Signal) -> tuple[Part, ...]:
    said = "yes" if one.evaluated else REASONS.get(str(one.reason), f"no: {one.reason}")
    return Name(one.name), said, Number(number(one.findings))
