"""The policy's rules, one by one, each with the id under which verdicts and figures speak of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.policy.quality import Check, Quality, Severity

Dimension: TypeAlias = Literal["completeness", "accuracy", "consistency"]

DIMENSIONS: tuple[Dimension, ...] = ("completeness", "accuracy", "consistency")
OF_COLUMN: dict[str, Dimension] = {
    "complete": "completeness",
    "type": "accuracy",
    "finite": "accuracy",
    "range": "accuracy",
    "allowed": "accuracy",
    "pattern": "accuracy",
    "length": "accuracy",
    "unique": "consistency",
    "uniform": "consistency",
}
"""Checks of a column and the dimension of quality each speaks of (ISO/IEC 25012)."""
DUPLICATES = "duplicates"
CONFLICTS = "conflicts"
PREDICATE = "predicate"
SIGNALS: Literal["signals"] = "signals"


@dataclass(frozen=True)
class Rule:
    """One rule: what it checks, on which columns, and what a break means."""

    id: str
    check: str
    """The policy's word for the check."""
    dimension: Dimension | Literal["signals"]
    """Signals speak of no dimension of quality, and the score leaves them out."""
    severity: Severity
    min_pass: float
    columns: tuple[str, ...]
    """Columns that the data must have for the rule to be judged."""
    words: Check | None = None
    """The check as the policy states it."""


def rules(quality: Quality) -> tuple[Rule, ...]:
    """Return all rules in the order of their ids, which is the order of a verdict's bits."""
    return tuple(sorted((*_columns(quality), *_predicates(quality), *_records(quality)), key=lambda rule: rule.id))


def _columns(quality: Quality) -> Iterator[Rule]:
    for column, checks in quality.rules.items():
        for check, dimension in OF_COLUMN.items():
            words: Check | None = getattr(checks, check)
            if words is not None:
                yield Rule(f"{column}.{check}", check, dimension, words.severity, words.min_pass, (column,), words)


def _predicates(quality: Quality) -> Iterator[Rule]:
    for name, words in quality.predicates.items():
        columns = (words.left,) if words.right is None else (words.left, words.right)
        yield Rule(f"predicates.{name}", PREDICATE, "consistency", words.severity, words.min_pass, columns, words)


def _records(quality: Quality) -> Iterator[Rule]:
    severity: Severity = "error" if quality.duplicates == "quarantine" else "warn"
    yield Rule(DUPLICATES, DUPLICATES, "consistency", severity, quality.duplicates_min_pass, ())
    if quality.key:
        newest = (quality.newest,) if quality.conflicts == "prefer_newest" and quality.newest is not None else ()
        columns = (*quality.key, *newest)
        yield Rule(CONFLICTS, CONFLICTS, "consistency", "error", quality.conflicts_min_pass, columns)
