"""Did the data get worse, or the policy stricter? A change of figures, parted between data and policy.

A figure has two players: the data and the policy. With both at once it goes from v(old, old) to v(new, new); what each
contributes is the mean of its effect in both orders, which is its Shapley value (Shapley 1953); the two add up to the
change. Where one of the mixed cells cannot be had, one order alone is taken, and said.

The quality score is 1 - Σ broken / (n · evaluated of the rule's dimension) over all rules, n being the dimensions that
were evaluated, so its change is a sum over rules, each parted the same way. Arithmetic is exact, rounded at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DIGITS: Final = 6
SMALL: Final = 0.0005
"""A change that three digits do not show."""


@dataclass(frozen=True)
class Count:
    """What became of one rule over some data."""

    dimension: str
    evaluated: int
    broken: int

    @property
    def rate(self) -> Fraction | None:
        """Share that holds; None where the rule applied to nothing."""
        return Fraction(self.evaluated - self.broken, self.evaluated) if self.evaluated else None


@dataclass(frozen=True)
class Cells:
    """Rules by id over (data, policy): each old or new; a mixed cell is None where it cannot be had."""

    before: Mapping[str, Count]
    """Old data, old policy."""
    after: Mapping[str, Count]
    """New data, new policy."""
    old_data: Mapping[str, Count] | None
    """Old data, new policy."""
    old_policy: Mapping[str, Count] | None
    """New data, old policy."""


@dataclass(frozen=True)
class Change:
    """A change, and what policy and data contributed; both None where they cannot be told apart."""

    total: float
    policy: float | None
    data: float | None


@dataclass(frozen=True)
class RuleChange:
    """One rule: its pass rate before and after, and what it did to the score."""

    id: str
    before: float | None
    after: float | None
    rate: Change | None
    """Of the pass rate; None for a rule that only one of the policies has, or that applied to nothing."""
    score: Change


@dataclass(frozen=True)
class Attribution:
    """The change of the score, and every rule that had a part in it, the largest part first."""

    score: Change
    rules: tuple[RuleChange, ...]
    orders: int
    """2: both orders averaged; 1: one order alone; 0: not told apart."""


def attribute(cells: Cells) -> Attribution:
    """Part the change between data and policy, over all and rule by rule."""
    corners = (cells.before, cells.old_data, cells.old_policy, cells.after)
    gains = [None if corner is None else _gains(corner) for corner in corners]
    rules = [_rule(id_, corners, gains) for id_ in sorted({id_ for corner in corners if corner for id_ in corner})]
    moved = [
        one for one in rules if one.before != one.after or any((one.score.total, one.score.policy, one.score.data))
    ]
    moved.sort(key=lambda one: (-abs(one.score.total), -abs(one.score.policy or 0), one.id))
    whole = parted([None if gain is None else sum(gain.values(), _NONE) for gain in gains])
    return Attribution(whole, tuple(moved), sum(corner is not None for corner in corners[1:3]))


def parted(figure: Sequence[Fraction | None]) -> Change:
    """Part the change of a figure, given at (old, old), (old data, new policy), (new data, old policy), (new, new)."""
    before, old_data, old_policy, after = figure
    if before is None or after is None:
        raise ValueError("a change is between two figures")
    effects = [] if old_data is None else [old_data - before]
    effects += [] if old_policy is None else [after - old_policy]
    if not effects:
        return Change(_cut(after - before), None, None)
    policy = sum(effects, _NONE) / len(effects)
    return Change(_cut(after - before), _cut(policy), _cut(after - before - policy))


def sentence(told: Attribution) -> str:
    """`score -0.031: policy -0.029 (threat_score.range), data -0.002`."""
    change = told.score
    if change.policy is None or change.data is None:
        return f"score {signed(change.total)}: policy and data cannot be told apart"
    policy = _named("policy", change.policy, [(one.id, one.score.policy or 0) for one in told.rules])
    data = _named("data", change.data, [(one.id, one.score.data or 0) for one in told.rules])
    return f"score {signed(change.total)}: {policy}, {data}"


def signed(value: float) -> str:
    """A sign and three digits, or as many as a small change needs: what moved is never told as standing still."""
    digits = 3 if not value or abs(value) >= SMALL else DIGITS
    return f"{value:+.{digits}f}" if value else "0"


def _named(who: str, part: float, rules: list[tuple[str, float]]) -> str:
    """Name the rules that most of a part comes from."""
    main = [rule for rule, own in sorted(rules, key=lambda one: -abs(one[1])) if part and abs(own) * 4 >= abs(part)]
    return f"{who} {signed(part)}" + (f" ({', '.join(main[:3])})" if main else "")


def _gains(corner: Mapping[str, Count]) -> dict[str, Fraction]:
    """What each rule takes from a score of 1, as a number that is not positive."""
    evaluated: dict[str, int] = {}
    for one in corner.values():
        evaluated[one.dimension] = evaluated.get(one.dimension, 0) + one.evaluated
    known = sum(count > 0 for count in evaluated.values())
    return {
        id_: -Fraction(one.broken, known * evaluated[one.dimension]) if one.evaluated else _NONE
        for id_, one in corner.items()
    }


def _rule(
    id_: str, corners: Sequence[Mapping[str, Count] | None], gains: Sequence[Mapping[str, Fraction] | None]
) -> RuleChange:
    counts = [None if corner is None else corner.get(id_) for corner in corners]
    rates = [None if count is None else count.rate for count in counts]
    before, after = rates[0], rates[3]
    score = parted([None if gain is None else gain.get(id_, _NONE) for gain in gains])
    rate = None if before is None or after is None else parted(rates)
    return RuleChange(id_, _rate(before), _rate(after), rate, score)


def _rate(rate: Fraction | None) -> float | None:
    return None if rate is None else _cut(rate)


def _cut(value: Fraction) -> float:
    return round(float(value), DIGITS)


_NONE: Final = Fraction(0)
