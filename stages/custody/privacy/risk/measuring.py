"""Every measure that the policy asks for, over what was merged; what it does not ask for is not measured.

Figures of a group (k, l, t) and exact shares are counted over everybody in the release. The others are attacks on
people drawn by the key, with the bounds of a 95% confidence interval (`interval`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from custody.privacy.risk import inference, k_anonymity, l_diversity, linkability, t_closeness, unicity
from custody.privacy.risk.classes import classes
from custody.privacy.risk.traces import traces

if TYPE_CHECKING:
    from custody.policy.privacy import Privacy
    from custody.privacy.risk.groups import Groups
    from custody.privacy.risk.hashing import Hashes
    from custody.privacy.risk.interval import Excess
    from custody.privacy.risk.linkability import Known
    from custody.privacy.risk.traces import Traces


@dataclass(frozen=True)
class Small:
    """Groups that miss what the policy asks of each, ascending."""

    few: Hashes = field(repr=False)
    """Fewer than `k` subjects."""
    skewed: Hashes = field(repr=False)
    """Enough subjects, and sensitive values that miss `l`, `l_entropy` or `t`."""


NO_GROUP = Small(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint64))


def small(groups: Groups, privacy: Privacy, sensitive: tuple[str, ...]) -> Small:
    """Return the groups whose rows the policy would rather lose than release.

    `t` is judged against the whole as it is before any row is lost.
    """
    few = k_anonymity.below(groups, privacy.k) if privacy.k is not None else NO_GROUP.few
    skewed = [np.empty(0, dtype=np.uint64)]
    for place, name in enumerate(sensitive):
        if (privacy.l, privacy.l_entropy, privacy.t) == (None, None, None):
            break
        told = classes(groups, place)
        skewed.append(l_diversity.below(told, privacy.l, privacy.l_entropy))
        if privacy.t is not None:
            skewed.append(t_closeness.above(told, privacy.t, ordered=bool(privacy.columns[name].ordered)))
    return Small(few, np.setdiff1d(np.concatenate(skewed), few))


@dataclass(frozen=True)
class Attacker:
    """What an attacker knows (`linkability`), and the seed of the lots that are drawn in attacks."""

    known: Known | None = field(repr=False)
    """A share of the raw records."""
    earlier: Known | None = field(repr=False)
    """The traces of the pinned earlier release."""
    seed: int = field(repr=False)

    @property
    def attacks(self) -> dict[str, Known | None]:
        """What is known, by the name that the report gives the attack."""
        return {"auxiliary": self.known, "anchor": self.earlier}


def figures(
    groups: Groups, distinct: Groups, privacy: Privacy, sensitive: tuple[str, ...], attacker: Attacker
) -> dict[str, Any]:
    """Return the figures per key of the policy, None for one that it does not have.

    `sensitive` names the columns of `groups.values`; `distinct` are the pairs of `groups`.
    """
    seed = attacker.seed
    per_group = {
        name: _sensitive(groups, place, privacy, ordered=bool(privacy.columns[name].ordered))
        for place, name in enumerate(sensitive)
    }
    told = traces(distinct) if privacy.unicity or privacy.linkability else None
    single = {p: unicity.measure(told, p, seed) for p in privacy.unicity.p} if told and privacy.unicity else None
    guessed = {
        name: inference.measure(groups, place, seed) for place, name in enumerate(sensitive) if privacy.inference
    }
    linked = {name: _linked(known, told, seed) for name, known in attacker.attacks.items()}
    return {
        "sensitive": per_group,
        "unicity": single and {str(p): rate and asdict(rate) for p, rate in single.items()},
        "linkability": linked if privacy.linkability else None,
        "inference": {name: _told(one) for name, one in guessed.items()} if privacy.inference else None,
    }


def bounds(taken: dict[str, Any]) -> dict[str, Any]:
    """Return the worst figure of each measure, as the gate compares it; only of those that were taken."""
    told = taken["sensitive"] or {}
    single, linked, guessed = (taken[key] or {} for key in ("unicity", "linkability", "inference"))
    worst = {
        "l": min((one["l"] for one in told.values() if one["l"] is not None), default=None),
        "t": max((one["t"] for one in told.values() if one["t"] is not None), default=None),
        **{f"unicity_{p}": rate and rate["high"] for p, rate in single.items()},
        "linkability": max((one["high"] for one in linked.values() if one), default=None),
        "inference": max((one["high"] for one in guessed.values() if one), default=None),
    }
    return {name: figure for name, figure in worst.items() if figure is not None}


def _sensitive(groups: Groups, place: int, privacy: Privacy, *, ordered: bool) -> dict[str, Any]:
    told = classes(groups, place)
    least = l_diversity.measure(told)
    return {
        "l": least.distinct,
        "l_entropy": least.entropy,
        "t": t_closeness.measure(told, ordered=ordered) if privacy.t is not None else None,
        "values": len(told.whole_value),
    }


def _linked(known: Known | None, told: Traces | None, seed: int) -> dict[str, Any] | None:
    if known is None or told is None or not len(told.subject):
        return None
    return _told(linkability.measure(known, told, seed))


def _told(found: Excess | None) -> dict[str, Any] | None:
    return asdict(found) if found is not None and found.main.trials else None
