"""Every rule with its figures, how much of its allowance is used up, and how it did in the past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.release.condition import count, entries, number, section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.reporting.facts.history import Point
    from custody.reporting.reading import Read

EXAMPLES = 300
SIGNALS = "signals."
"""Ids of what signals quarantine: findings, which stand in a section of their own, and no rules with a pass rate."""
DIMENSIONS = ("completeness", "accuracy", "consistency")


@dataclass(frozen=True)
class Rule:
    """One rule over the collected records."""

    id: str
    dimension: str
    severity: str
    evaluated: int | None
    """Records that the rule applied to."""
    broken: int | None
    pass_rate: float | None
    min_pass: float | None
    held: bool
    """The gate's own answer."""
    reason: str | None
    """Why it was not evaluated."""
    allowance: float | None
    """Share of the records that may break which did: above 1 the gate refuses; None where nothing or all may break."""
    trend: tuple[tuple[str, float], ...]
    """Pass rates by commit, oldest first, `now` last."""


@dataclass(frozen=True)
class Example:
    """A record that breaks a rule: where it stands, and the shape of its value."""

    rule: str
    source: str
    file: str
    line: int | None
    shape: str | None


@dataclass(frozen=True)
class Quality:
    """The score with its dimensions, and the rules, those that refuse first."""

    score: float | None
    dimensions: dict[str, float | None]
    min_score: float
    records_evaluated: int | None
    rules: tuple[Rule, ...]
    examples: tuple[Example, ...]


def quality(read: Read, points: Sequence[Point]) -> Quality:
    """Return the figures of validate's report; rules that are broken come first, then by the allowance that is used."""
    report = read.body("validate")
    held = {one.id.removeprefix("rules."): one.held for one in read.statement.conditions if one.id.startswith("rules.")}
    reasons = {str(one.get("rule")): str(one.get("reason")) for one in entries(report.get("not_evaluated"))}
    judged = [rule for rule in section(report, "rules") if not rule.startswith(SIGNALS)]
    rules = [_rule(rule, section(report, "rules", rule), held, reasons, points) for rule in judged]
    dimensions = section(report, "dimensions")
    return Quality(
        score=number(report.get("score")),
        dimensions={name: number(dimensions.get(name)) for name in DIMENSIONS},
        min_score=read.policy.gate.min_quality_score,
        records_evaluated=count(report.get("records_evaluated")),
        rules=tuple(sorted(rules, key=lambda rule: (rule.held, -(rule.allowance or 0), rule.id))),
        examples=tuple(map(_example, entries(report.get("examples"))[:EXAMPLES])),
    )


def _example(told: dict[str, object]) -> Example:
    shape = told.get("shape")
    return Example(
        rule=str(told.get("rule")),
        source=str(told.get("source")),
        file=str(told.get("file")),
        line=count(told.get("line")),
        shape=None if shape is None else str(shape),
    )


def _rule(
    rule: str, own: dict[str, object], held: dict[str, bool], reasons: dict[str, str], points: Sequence[Point]
) -> Rule:
    rate, least = number(own.get("pass_rate")), number(own.get("min_pass"))
    return Rule(
        id=rule,
        dimension=str(own.get("dimension")),
        severity=str(own.get("severity")),
        evaluated=count(own.get("evaluated")),
        broken=count(own.get("broken")),
        pass_rate=rate,
        min_pass=least,
        held=held.get(rule, False),
        reason=reasons.get(rule),
        allowance=round((1 - rate) / (1 - least), 4)
        if rate is not None and least is not None and 0 < least < 1
        else None,
        trend=tuple((point.commit, point.pass_rates[rule]) for point in points if rule in point.pass_rates),
    )
