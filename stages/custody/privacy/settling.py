"""Between the two passes: what only the whole data set tells about how records are released.

Which categories are rare, on which levels the quasi-identifiers go out, and which groups are small even so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from custody.privacy import folding, generalizing, risk
from custody.privacy.merging import Merging
from custody.privacy.risk import coarsening, linkability, measuring
from custody.privacy.risk.groups import absorb, pairs, summed

if TYPE_CHECKING:
    from custody.privacy.gathering import Gathered
    from custody.privacy.inputs import Inputs
    from custody.privacy.risk.coarsening import Combinations
    from custody.privacy.risk.hashing import Hashes
    from custody.privacy.risk.linkability import Known
    from custody.privacy.risk.measuring import Small


@dataclass(frozen=True)
class Settled:
    """How records are released, and what is told of it."""

    inputs: Inputs
    """With the treatments on their levels and the categories that fold."""
    small: Small = measuring.NO_GROUP
    """Groups whose rows are suppressed."""
    before: risk.Risk | None = None
    """The risk before anything was suppressed or generalized; None where the policy does neither."""
    known: Known | None = None
    """What an attacker knows of the records before suppression, where the policy asks for it."""
    generalized: dict[str, Any] | None = None
    """The levels, where the policy generalizes."""


class Settling:
    """What is merged of the first pass to settle this."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._groups = Merging(absorb, len)
        self._combinations = Merging(coarsening.merge, len)
        self._values = {name: Merging(absorb, len) for name in inputs.folding}

    def add(self, part: Gathered) -> None:
        """Take in one partition."""
        if part.groups is not None:
            self._groups.add(part.groups)
        if part.combinations is not None:
            self._combinations.add(part.combinations)
        for name, values in part.values.items():
            self._values[name].add(values)

    def settle(self) -> Settled:
        """Settle everything, and let go of what was merged."""
        inputs = self._inputs
        values = {name: merging.total() for name, merging in self._values.items()}
        folds = {name: folding.rare(told, inputs.privacy.k or 0, inputs.seed_of(name)) for name, told in values.items()}
        if not inputs.suppresses:
            return Settled(replace(inputs, folds=folds))
        groups = _folded(self._groups.total(), inputs, folds)
        told = self._combinations.total() if inputs.climbs and not self._combinations.empty else None
        self._groups, self._combinations, self._values = Merging(absorb, len), Merging(coarsening.merge, len), {}
        before = risk.measure(pairs(groups), inputs.privacy.k or 0)
        if told is not None and len(groups):
            return replace(_climbed(inputs, groups, told, values, folds), before=before)
        small = measuring.small(groups, inputs.privacy, inputs.sensitive)
        return Settled(replace(inputs, folds=folds), small, before, known_of(pairs(groups), inputs))


def _climbed(
    inputs: Inputs, groups: risk.Groups, told: Combinations, values: dict[str, risk.Groups], folds: dict[str, Hashes]
) -> Settled:
    """Fold the quasi-identifiers on every level, then choose among the levels."""
    rungs, per_level, k = list(told.rungs), {}, inputs.privacy.k or 0
    for place, name in enumerate(inputs.quasi):
        if name in values:
            rungs[place], per_level[name] = folding.fold_rungs(rungs[place], values[name], k, inputs.seeds.quasi)
    chosen = generalizing.choose(inputs, groups, replace(told, rungs=tuple(rungs)))
    levels = dict(zip(inputs.quasi, chosen.levels, strict=True))
    columns = {**inputs.privacy.columns, **chosen.columns}
    released = replace(
        inputs,
        privacy=inputs.privacy.model_copy(update={"columns": columns}),
        folds={**folds, **{name: listed[levels[name]] for name, listed in per_level.items()}},
    )
    known = known_of(pairs(chosen.groups), inputs)
    return Settled(released, chosen.small, None, known, chosen.told if inputs.generalizes else None)


def _folded(groups: risk.Groups, inputs: Inputs, folds: dict[str, Hashes]) -> risk.Groups:
    """Return groups with the sensitive values that fold as OTHER."""
    if not len(groups) or not {*inputs.sensitive} & {*folds}:
        return groups
    none = np.empty(0, dtype=np.uint64)
    values = [
        folding.replaced(words, folds.get(name, none), inputs.seeds.value)
        for name, words in zip(inputs.sensitive, groups.values, strict=True)
    ]
    return summed((groups.group, groups.subject, *values), groups.rows)


def known_of(distinct: risk.Groups, inputs: Inputs) -> Known | None:
    """Return what an attacker knows who holds the policy's share of the records behind `distinct`."""
    asked = inputs.privacy.linkability
    return None if asked is None else linkability.auxiliary(distinct, asked.auxiliary, inputs.seeds.draw)
