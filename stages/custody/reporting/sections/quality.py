"""The score, its past, and every rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.charts import bars, trend
from custody.reporting.document import Drawing, Mark, Name, Number, Paragraph, Section, Table
from custody.reporting.sections.words import NOTHING, number, percent, steady

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.reporting.document import Block, Part
    from custody.reporting.facts.history import Point
    from custody.reporting.facts.report import Report
    from custody.reporting.facts.rules import Example, Rule
    from custody.reporting.tags import Markup

RULES = ("rule", "answer", "pass rate", "at least", "allowance used", "trend", "broken", "of", "a break")
PAST = ("commit", "day", "decision", "rows", "score", "policy")
EXAMPLES = ("rule", "source", "file", "line", "shape of the value")
SHAPES = (
    "A shape tells kinds of characters, at most three in a row, and no value; the key holder can look the record up."
)
STEADY = 0.00005
"""Percentage points that no digit shows."""


def section(report: Report) -> Section:
    """The score against its limit, the trend over past decisions, the rules with theirs."""
    return Section("quality", "Quality", tuple(_blocks(report)))


def _blocks(report: Report) -> Iterator[Block]:
    quality = report.quality
    if not quality.rules:
        yield Paragraph(("No figures: the report of validate is not here.",))
        return
    parts = ", ".join(
        f"{name} {NOTHING if value is None else f'{value:.4f}'}" for name, value in quality.dimensions.items()
    )
    yield Paragraph(
        (f"Score {number(quality.score)} over {number(quality.records_evaluated)} records: the mean of {parts}.",)
    )
    drawn = [point for point in report.history if point.score is not None]
    if drawn:
        yield Drawing(_line(drawn, quality.min_score), _story(drawn))
    note = (
        "Allowance: share of the records which may break the rule that did; past the mark the gate refuses. "
        "Trend: pass rate over past decisions, the latest on the right."
    )
    lines = tuple(_rule(rule) for rule in quality.rules)
    yield Table("Rules", RULES, lines, note=note)
    if quality.examples:
        yield Table(
            "Examples of broken rules", EXAMPLES, tuple(map(_example, quality.examples)), folded=True, note=SHAPES
        )
    yield Table("Past decisions", PAST, tuple(_past(report.history)), folded=True)


def _line(points: Sequence[Point], limit: float) -> Markup:
    drawn = [(point.day or "now", point.score or 0.0, point.released) for point in points]
    return trend.line(drawn, limit, f"Quality score over {len(drawn)} decisions. {_story(points)}")


def _story(points: Sequence[Point]) -> str:
    """What the line shows, in words."""
    scores = [point.score for point in points if point.score is not None]
    if len(scores) == 1:
        return f"Quality score {scores[0]:.4f}; no earlier decision stands in git's history."
    return (
        f"Quality score over {len(scores)} decisions: from {scores[0]:.4f} to {scores[-1]:.4f}, "
        f"lowest {min(scores):.4f}, highest {max(scores):.4f}. Dots are releases, hollow squares refusals."
    )


def _rule(rule: Rule) -> tuple[Part, ...]:
    word = "held" if rule.held else "not evaluated" if rule.reason else "broken"
    allowed: Part = NOTHING
    if rule.allowance is not None:
        allowed = Drawing(bars.share(rule.allowance, limit=True), percent(round(rule.allowance, 3)))
    return (
        Name(rule.id),
        Mark(rule.held, word),
        Number(steady(rule.pass_rate)),
        Number(percent(rule.min_pass)),
        allowed,
        _trend(rule),
        Number(number(rule.broken)),
        Number(number(rule.evaluated)),
        "quarantines" if rule.severity == "error" else "is let pass",
    )


def _trend(rule: Rule) -> Part:
    rates = [rate for _, rate in rule.trend]
    if len(rates) < 2:  # noqa: PLR2004  # one point is no trend
        return "first"
    change = (rates[-1] - rates[-2]) * 100
    told = "steady" if abs(change) < STEADY else f"{change:+.4f}".rstrip("0").rstrip(".") + " pp"
    return Drawing(trend.spark(rates, rule.min_pass), told)


def _example(one: Example) -> tuple[Part, ...]:
    shape: Part = "whole record" if one.shape is None else Name(one.shape) if one.shape else "nothing"
    return Name(one.rule), Name(one.source), Name(one.file), Number(number(one.line)), shape


def _past(points: Sequence[Point]) -> Iterator[tuple[Part, ...]]:
    for point in reversed(points):
        yield (
            Name(point.commit),
            point.day or NOTHING,
            Mark(point.released, "released" if point.released else "refused"),
            Number(number(point.rows)),
            Number(number(point.score)),
            "changed" if point.policy_changed else "as before",
        )
