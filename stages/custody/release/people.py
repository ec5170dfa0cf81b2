"""Conditions on what can be learnt of a person: groups, sensitive values in them, and attacks on the candidate.

Each stands where the policy asks for it and compares the worst figure, of an attack the upper bound of its 95%
confidence interval. What anonymize could not evaluate is broken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from custody.release import share
from custody.release.condition import (
    NO_FIGURE,
    Condition,
    at_least,
    at_most,
    count,
    faultless,
    number,
    section,
    unevaluated,
)

if TYPE_CHECKING:
    from custody.policy.privacy import Privacy

_BOUND: Final = "upper bound at 95%"
_NO_SUBJECT: Final = "could not be evaluated: no row of the candidate has a subject"
_NO_TARGET: Final = "could not be evaluated: the attack found nobody of the candidate to try it on"
_NO_ANCHOR: Final = (
    "could not be evaluated: no earlier release is pinned, or one of other treatments; custody anchor set REV"
)


def conditions(anonymized: dict[str, Any], privacy: Privacy) -> list[Condition]:
    """Return the conditions that `privacy` names, in the order of its keys."""
    risk = section(anonymized, "risk")
    return [
        *_levels(anonymized, privacy),
        *_dropped(anonymized, privacy),
        *_smallest(risk, privacy),
        *_rare(anonymized, privacy),
        *_diverse(risk, privacy),
        *_unique(risk, privacy),
        *_linked(risk, privacy),
        *_guessed(risk, privacy),
    ]


def _levels(anonymized: dict[str, Any], privacy: Privacy) -> list[Condition]:
    if privacy.on_violation != "generalize":
        return []
    told = section(anonymized, "generalized")
    if told.get("reached") is True:
        return [faultless("generalized", [], "levels of the quasi-identifiers reach what is asked of groups")]
    tried = count(told.get("combinations"))
    if tried is None:
        return [unevaluated("generalized", 0, "could not be evaluated: no row of the candidate has a level")]
    what = f"none of {tried:,} combinations of levels reaches k, l and t within privacy.max_suppressed"
    return [faultless("generalized", [what], "")]


def _dropped(anonymized: dict[str, Any], privacy: Privacy) -> list[Condition]:
    most = privacy.max_suppressed
    if most is None and privacy.on_violation == "generalize":
        most = 0.0
    if most is None:
        return []
    told, kept = section(anonymized, "suppressed"), count(section(anonymized, "accounting").get("candidate"))
    by_reason = [count(told.get(reason, 0)) for reason in ("small_group", "skewed_group")]
    dropped = None if None in by_reason or not told else sum(rows or 0 for rows in by_reason)
    if dropped is None or kept is None or not dropped + kept:
        return [unevaluated("suppressed", most, NO_FIGURE)]
    usable = dropped + kept
    what = "usable records are suppressed for their group"
    held = not share.exceeds(dropped, usable, most)
    return [Condition("suppressed", held, share.of(dropped, usable), most, what, usable)]


def _rare(anonymized: dict[str, Any], privacy: Privacy) -> list[Condition]:
    """Held where every category that was written, OTHER too, has k subjects; a column without any has none too few."""
    made = []
    for name in sorted(name for name, one in privacy.columns.items() if one.fold_rare and not one.left_out):
        told, what = section(anonymized, "columns", name, "folded"), "distinct subjects of the rarest category"
        if "smallest" in told and told["smallest"] is None:
            made.append(faultless(f"rare.{name}", [], "no category was written"))
        else:
            made.append(at_least(f"rare.{name}", count(told.get("smallest")), privacy.k or 0, what))
    return made


def _smallest(risk: dict[str, Any], privacy: Privacy) -> list[Condition]:
    if privacy.k is None:
        return []
    found = count(risk.get("k_smallest")) if risk.get("evaluated") is True else None
    return [at_least("k", found, privacy.k, "distinct subjects in the smallest group")]


def _diverse(risk: dict[str, Any], privacy: Privacy) -> list[Condition]:
    """l-diversity and t-closeness of every sensitive column that is released."""
    made: list[Condition] = []
    for name in privacy.sensitive:
        told = section(risk, "sensitive", name)
        if privacy.l is not None:
            what = "values among the subjects of the least diverse group"
            made.append(at_least(f"l.{name}", count(told.get("l")), privacy.l, what))
        if privacy.l_entropy is not None:
            what = "effective values (entropy) in the least diverse group"
            made.append(at_least(f"l_entropy.{name}", number(told.get("l_entropy")), privacy.l_entropy, what))
        if privacy.t is not None:
            what = "is the distance of the farthest group from the whole release"
            made.append(at_most(f"t.{name}", number(told.get("t")), privacy.t, what))
    return made


def _unique(risk: dict[str, Any], privacy: Privacy) -> list[Condition]:
    if privacy.unicity is None:
        return []
    return [_single(section(risk, "unicity", str(p)), p, privacy.unicity.max) for p in privacy.unicity.p]


def _single(told: dict[str, Any], p: int, most: float) -> Condition:
    known = "one of their events" if p == 1 else f"{p} of their events"
    how = "all draws counted" if told.get("exact") is True else _BOUND
    what = f"subjects are singled out by {known} ({how})"
    return _share(f"unicity.{p}", told, most, what, _NO_SUBJECT)


def _linked(risk: dict[str, Any], privacy: Privacy) -> list[Condition]:
    if privacy.linkability is None:
        return []
    most, made = privacy.linkability.max, []
    attacks = {"auxiliary": (f"{privacy.linkability.auxiliary:.12g} of the raw records", _NO_TARGET)}
    if privacy.linkability.anchor:
        attacks["anchor"] = ("the pinned earlier release", _NO_ANCHOR)
    for name, (held, otherwise) in attacks.items():
        told = section(risk, "linkability", name)
        what = f"subjects are found by who holds {held}, beyond chance ({_BOUND})"
        made.append(_share(f"linkability.{name}", told, most, what, otherwise))
    return made


def _guessed(risk: dict[str, Any], privacy: Privacy) -> list[Condition]:
    if privacy.inference is None:
        return []
    made = []
    for name in privacy.sensitive:
        told = section(risk, "inference", name)
        what = f"subjects' values are guessed beyond what a release without them tells ({_BOUND})"
        made.append(_share(f"inference.{name}", told, privacy.inference.max, what, _NO_TARGET))
    return made


def _share(name: str, told: dict[str, Any], most: float, what: str, otherwise: str) -> Condition:
    """Compare a rate's upper bound; an attack's trials stand with its main rate."""
    figure, of = number(told.get("high")), count((section(told, "main") or told).get("trials"))
    if figure is None or not of:
        return unevaluated(name, most, otherwise)
    return Condition(name, figure <= most, figure, most, what, of)
