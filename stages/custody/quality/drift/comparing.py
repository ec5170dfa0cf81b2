"""Compare the present profiles with the anchored ones, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.quality.drift.divergence import OF_PSI, divergence, is_chance, pooled
from custody.quality.drift.psi import Cells, by_chance, grouped, psi
from custody.quality.signals.finding import rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custody.quality.profile import Profile
    from custody.quality.profile.stored import Hashes


@dataclass(frozen=True)
class Compared:
    """One column against its anchored self."""

    column: str
    measure: str
    """psi or jensen_shannon."""
    effect: float
    threshold: float
    """The larger of what chance explains and the policy's floor."""
    drifted: bool
    new: int = 0
    """Records of categories that the anchored version does not have."""
    new_categories: int = 0
    vanished: int = 0
    """Categories that were expected at least five times and are gone."""


@dataclass(frozen=True)
class Terms:
    """What a comparison takes beside the two profiles."""

    hashes: Hashes
    floor: float
    """The smallest index that is a difference."""
    confidence: float


def compare(column: str, before: Profile, after: Profile, terms: Terms) -> list[Compared]:
    """Return how a column's numbers, lengths or hours compare, and its categories, where it has any.

    `before` holds categories by their keyed hashes, `after` in the clear. Missing and wrong cells are cells of their
    own.
    """
    found = []
    if before.categories is not None and after.categories is not None:
        present = {terms.hashes.of_text(column, text): count for text, count in after.categories.items()}
        found.append(_categories(column, before, after, present, terms))
    elif before.shape or after.shape:
        found.append(_shape(column, before, after, terms))
    if (before.categories is None) != (after.categories is None):
        found.append(_uncounted(column, before, after))
    return found


def schema(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return what became of each column that is not as it was: added, removed or retyped."""
    changes = {}
    for name in sorted({*before, *after}):
        if name not in after:
            changes[name] = "removed"
        elif name not in before:
            changes[name] = "added"
        elif before[name] != after[name]:
            changes[name] = "retyped"
    return changes


def _shape(column: str, before: Profile, after: Profile, terms: Terms) -> Compared:
    olds, news = grouped(before.shape, after.shape)
    cells = _with_absent((olds, news), before, after)
    effect, chance = rounded(psi(cells)), rounded(by_chance(cells, terms.confidence))
    threshold = max(chance, terms.floor)
    return Compared(column, "psi", effect, threshold, effect > threshold)


def _categories(column: str, before: Profile, after: Profile, present: Mapping[str, int], terms: Terms) -> Compared:
    known = before.categories or {}
    cells = _with_absent(pooled(known, present), before, after)
    effect, least = rounded(divergence(cells)), rounded(terms.floor * OF_PSI)
    new = [count for name, count in present.items() if name not in known]
    share = after.records / before.records if before.records else 0.0
    gone = [name for name, count in known.items() if name not in present and count * share >= 5]  # noqa: PLR2004
    drifted = effect > least and not is_chance(cells, terms.confidence)
    return Compared(column, "jensen_shannon", effect, least, drifted, sum(new), len(new), len(gone))


def _uncounted(column: str, before: Profile, after: Profile) -> Compared:
    """One side has more categories than are counted, the other has not: that is another kind of column."""
    return Compared(column, "jensen_shannon", 1.0, 1.0, drifted=bool(before.records and after.records))


def _with_absent(cells: Cells, before: Profile, after: Profile) -> Cells:
    olds, news = cells
    for name in ("missing", "wrong"):
        old, new = getattr(before, name), getattr(after, name)
        if old or new:
            olds, news = (*olds, old), (*news, new)
    return olds, news
