"""The decision's reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.document import Bullets, Mark, Name, Paragraph, Section, Table, Tiles
from custody.reporting.sections.words import NOTHING, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.reporting.document import Block, Part
    from custody.reporting.facts.decision import Condition
    from custody.reporting.facts.report import Report


def section(report: Report) -> Section:
    """Broken conditions first, each with its figure; then what changed, then every condition."""
    return Section("decision", "Why", tuple(_blocks(report)))


def _blocks(report: Report) -> Iterator[Block]:
    decision = report.decision
    held = len(decision.conditions) - len(decision.broken)
    if decision.broken:
        are = "is" if len(decision.broken) == 1 else "are"
        yield Paragraph((f"{len(decision.broken):,} of {len(decision.conditions):,} conditions {are} broken:",))
        yield Bullets(tuple((Mark(held=False, word="broken"), *_said(one)) for one in decision.broken))
    else:
        yield Paragraph((f"All {held:,} conditions of the policy are held.",))
    yield Tiles(tuple(_tiles(report)))
    first, *others = decision.changes
    yield Paragraph((f"{first[:1].upper()}{first[1:]}",))
    yield Bullets(tuple(_change(line.strip()) for line in others))
    lines = tuple((Mark(one.held, "held" if one.held else "broken"), *_said(one)) for one in decision.conditions)
    yield Table("Every condition", ("answer", "condition", "figure"), lines, folded=True)


def _said(condition: Condition) -> tuple[Name, str]:
    name, _, said = condition.said.partition(": ")
    return Name(name), said


def _change(line: str) -> tuple[Part, ...]:
    """`params.yaml: quality.key: 1 → 0.5` with what stands after the file's name as it is; else our own words."""
    file, colon, rest = line.partition(": ")
    return (f"{file}:", Name(rest)) if colon else (line,)


def _tiles(report: Report) -> Iterator[tuple[str, str, str]]:
    totals, privacy = report.accounting.totals, report.privacy
    figures = {figure.name: figure.value for figure in privacy.figures}
    yield "Rows released", number(totals.get("released")), f"of {number(totals.get('read'))} records read"
    score = report.quality.score
    yield "Quality score", NOTHING if score is None else f"{score:.3f}", f"at least {report.quality.min_score:g}"
    smallest = figures.get("risk.k_smallest")
    yield "Smallest group", _people(smallest), f"people; at least {NOTHING if privacy.k is None else privacy.k}"
    residual = figures.get("leaks.residual")
    yield "Identifiers left", number(residual if isinstance(residual, int) else None), "known ones, in the candidate"


def _people(value: object) -> str:
    return value if isinstance(value, str) else number(value if isinstance(value, int) else None)
