"""Conditions and decisions in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from custody.errors import plain

if TYPE_CHECKING:
    from custody.release.condition import Condition
    from custody.release.statement import Statement

_FAULTS: Final = frozenset(
    {"accounting", "missing_columns", "privacy_check", "provenance", "license", "columns", "generalized", "signals"}
)
_AT_LEAST: Final = frozenset({"quality_score", "rows", "rules", "k", "l", "l_entropy", "rare"})
_SHARES: Final = frozenset({"rules", "distinct", "malformed", "suppressed", "unicity", "linkability", "inference"})


def sentence(condition: Condition) -> str:
    """One line: the condition's id, its figure and what it must be.

    `rules.threat_score.range: 71.2% of 5,120 records hold, at least 95% must`
    """
    return plain(f"{condition.id}: {_figure(condition)}")


def headline(statement: Statement) -> str:
    """Return the decision in one line."""
    if statement.released:
        return f"released {counted(statement.rows, 'row')} in {counted(len(statement.files), 'file')}"
    return f"refused: {counted(len(statement.broken), 'condition')} broken"


def counted(number: int, noun: str) -> str:
    """`1 row`, `5,090 rows`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _figure(condition: Condition) -> str:
    kind = condition.id.split(".")[0]
    if condition.figure is None or kind in _FAULTS:
        return condition.what
    of = "" if condition.of is None else f" of {condition.of:,}"
    shown = f"{_number(condition.figure, kind)}{of} {condition.what}"
    if condition.threshold is None:
        return shown
    least, must = ("at least", "must") if kind in _AT_LEAST else ("at most", "may")
    return f"{shown}, {least} {_number(condition.threshold, kind)} {must}"


def _number(value: float, kind: str) -> str:
    if kind in _SHARES and isinstance(value, float):
        return f"{value * 100:.4f}".rstrip("0").rstrip(".") + "%"
    return f"{value:,}"
