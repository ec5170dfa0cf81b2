"""The quality score: one figure for the trend, beside the rules, which decide."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from custody.quality.rules import DIMENSIONS, Dimension

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custody.quality.merging import Tally
    from custody.quality.rules import Rule

DIGITS = 6


@dataclass(frozen=True)
class Score:
    """Score and dimensions, each 0 to 1, or None where nothing was evaluated."""

    score: float | None
    dimensions: dict[Dimension, float | None]


def score(rules: Sequence[Rule], tallies: Mapping[str, Tally]) -> Score:
    """Return the quality score over the collected records, before quarantine.

    dimension = Σ held / Σ evaluated over the rules of that dimension (a pass rate, as ISO/IEC 25024 measures are),
    where held = evaluated - broken. score = the mean of completeness, accuracy and consistency. A dimension of which no
    rule applied to any record has no value and is left out of the mean; without any, there is no score.
    """
    exact = {dimension: _dimension(dimension, rules, tallies) for dimension in DIMENSIONS}
    known = [value for value in exact.values() if value is not None]
    mean = sum(known, Fraction(0)) / len(known) if known else None
    return Score(share(mean), {dimension: share(value) for dimension, value in exact.items()})


def pass_rate(tally: Tally) -> float | None:
    """Return the share of the records that a rule applied to which hold it; None where it applied to none."""
    return share(Fraction(tally.evaluated - tally.broken, tally.evaluated)) if tally.evaluated else None


def share(value: Fraction | None) -> float | None:
    """Return a share with six digits, rounded down: one broken record in ten million must not round to a pass."""
    return None if value is None else int(value * 10**DIGITS) / 10**DIGITS


def _dimension(dimension: Dimension, rules: Sequence[Rule], tallies: Mapping[str, Tally]) -> Fraction | None:
    of_it = [tallies[rule.id] for rule in rules if rule.dimension == dimension]
    evaluated = sum(tally.evaluated for tally in of_it)
    return Fraction(evaluated - sum(tally.broken for tally in of_it), evaluated) if evaluated else None
