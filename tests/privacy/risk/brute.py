"""Every measure once more, by counting in plain Python: slow, short, and not shared with the product."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Row: TypeAlias = tuple[str | None, str | None, str | float | None]
"""Group, subject, sensitive value."""


def told(rows: Sequence[Row]) -> dict[str | None, dict[str | float | None, set[str]]]:
    """Return per group and value the subjects that have it."""
    found: dict[str | None, dict[str | float | None, set[str]]] = defaultdict(lambda: defaultdict(set))
    for group, subject, value in rows:
        if subject is not None:
            found[group][value].add(subject)
    return found


def l_distinct(rows: Sequence[Row]) -> int | None:
    return min((len(values) for values in told(rows).values()), default=None)


def shares(values: dict[str | float | None, set[str]]) -> dict[str | float | None, Fraction]:
    whole = sum(len(people) for people in values.values())
    return {value: Fraction(len(people), whole) for value, people in values.items()}


def t(rows: Sequence[Row], order: list[str | float | None] | None) -> float | None:
    """Return the greatest distance of a group from the whole; `order` holds every value, or is None for no order."""
    groups = told(rows)
    if not groups:
        return None
    whole = shares(told([(None, subject, value) for _, subject, value in rows])[None])
    return float(max(distance(shares(values), whole, order) for values in groups.values()))


def distance(
    part: dict[str | float | None, Fraction],
    whole: dict[str | float | None, Fraction],
    order: list[str | float | None] | None,
) -> Fraction:
    if order is None:
        return sum((abs(part.get(value, Fraction(0)) - share) for value, share in whole.items()), Fraction(0)) / 2
    ranked = [value for value in order if value in whole]
    if len(ranked) == 1:
        return Fraction(0)
    moved, total = Fraction(0), Fraction(0)
    for value in ranked:
        moved += part.get(value, Fraction(0)) - whole[value]
        total += abs(moved)
    return total / (len(ranked) - 1)


def unicity(rows: Sequence[Row], known: int) -> float | None:
    """Return the mean, over subjects, of the share of their draws of events that nobody else has."""
    traces: dict[str, set[str | None]] = defaultdict(set)
    for group, subject, _ in rows:
        if subject is not None:
            traces[subject].add(group)
    if not traces:
        return None
    shares_ = []
    for own in traces.values():
        draws = [set(draw) for draw in combinations(sorted(own, key=str), min(known, len(own)))]
        unique = sum(sum(draw <= trace for trace in traces.values()) == 1 for draw in draws)
        shares_.append(Fraction(unique, len(draws)))
    return float(sum(shares_, Fraction(0)) / len(shares_))
