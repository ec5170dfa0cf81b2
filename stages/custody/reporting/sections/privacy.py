"""How the people in the data are protected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.document import Beside, Name, Number, Paragraph, Section, Table
from custody.reporting.facts.privacy import WORDS
from custody.reporting.sections.words import cell, generic, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.reporting.document import Block, Part
    from custody.reporting.facts.privacy import Attack, Privacy
    from custody.reporting.facts.report import Report

PARTS = {
    "risk": "Groups of people",
    "leaks": "Search for what is left of people",
    "attack": "A stranger's guesses, without the key",
}
HEAD = ("figure", "value")
ATTACKS = ("people are", "tried on", "share found", "at most, at 95%")
BOUND = "Tried on people, or on draws of their events; the gate compares the upper bound."


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
    note = None if privacy.k is None else f"Counts of people below k = {privacy.k} are not told."
    yield Beside(tuple(_tables(privacy, note)))
    if privacy.attacks:
        yield Table("What others could learn of people", ATTACKS, tuple(map(_attack, privacy.attacks)), note=BOUND)
    yield from map(generic, privacy.others)
    rest = tuple((Name(one.name), cell(one.value)) for one in privacy.figures if one.name not in WORDS)
    if rest:
        yield Table("Every other figure", HEAD, rest, folded=True)


def _tables(privacy: Privacy, note: str | None) -> Iterator[Table]:
    for part, caption in PARTS.items():
        lines = tuple(
            (one.words, cell(one.value))
            for one in privacy.figures
            if one.name in WORDS and one.name.partition(".")[0] == part
        )
        if lines:
            yield Table(caption, HEAD, lines, note=note if part == "risk" else None)
    if privacy.redactions:
        redacted = tuple(
            (Name(kind), Number(number(value if isinstance(value, int) else None)))
            for kind, value in privacy.redactions.items()
        )
        yield Table("Replaced in text", ("kind", "times"), redacted)


def _attack(one: Attack) -> tuple[Part, ...]:
    return one.words, cell(one.tried), Number(percent(one.share)), Number(percent(one.high))
