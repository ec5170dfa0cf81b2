"""Conditions on quality: the score, and every rule's pass rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from custody.release import share
from custody.release.condition import Condition, at_least, count, entries, faultless, number, section, unevaluated

if TYPE_CHECKING:
    from custody.policy.gate import Gate
    from custody.policy.quality import Check, Quality


SIGNALS: Final = "signals."
"""Ids of rules that stand for a signal begin so."""


def score(validated: dict[str, Any], gate: Gate) -> Condition:
    """Held where the quality score reaches `gate.min_quality_score`."""
    found = number(validated.get("score"))
    figure = found if found is not None and 0 <= found <= 1 else None
    return at_least("quality_score", figure, gate.min_quality_score, "is the quality score")


def malformed(receipt: dict[str, Any], gate: Gate) -> list[Condition]:
    """Held where at most `gate.max_malformed` of what was read is malformed; nothing where the policy names none."""
    if gate.max_malformed is None:
        return []
    total = section(receipt, "accounting")
    bad, read = count(total.get("malformed")), count(total.get("read"))
    if bad is None or not read:
        return [unevaluated("malformed", gate.max_malformed, "nothing was read")]
    held = not share.exceeds(bad, read, gate.max_malformed)
    figure = share.of(bad, read)
    return [Condition("malformed", held, figure, gate.max_malformed, "records read are malformed", read)]


def rules(validated: dict[str, Any], quality: Quality, gate: Gate) -> list[Condition]:
    """One condition per rule that the policy or the report names, in the order of their ids.

    A rule is held where the upper Wilson bound of `(evaluated - broken) / evaluated`, at `gate.confidence`, reaches its
    min_pass: where the records do not contradict that their source keeps it. So a source that keeps it is not refused
    by the chance of a small batch, one that does not is refused the more surely the more there is of it, a single
    broken record breaks a min_pass of 1, and without a broken record every rule holds. The lower bound would refuse
    flawless batches for being small. A rule that evaluated nothing, that the report gives up on or that it does not
    know is broken. What the bits of a signal mean is told by its findings (`findings`).
    """
    told = section(validated, "rules")
    reported = {rule: told[rule] for rule in told if not rule.startswith(SIGNALS)}
    named = named_rules(quality)
    given_up = {str(one.get("rule")): str(one.get("reason")) for one in entries(validated.get("not_evaluated"))}
    found = []
    for rule in sorted({*reported, *named, *given_up}):
        own = section(reported, rule)
        least = named.get(rule, number(own.get("min_pass")))
        found.append(_rule(rule, own, least, given_up.get(rule), gate.confidence))
    return found


def named_rules(quality: Quality) -> dict[str, float]:
    """Return the min_pass of every rule id that the policy calls for."""
    named = {"duplicates": quality.duplicates_min_pass}
    if quality.key:
        named["conflicts"] = quality.conflicts_min_pass
    for column, checks in quality.rules.items():
        for name in type(checks).model_fields:
            check: Check | None = getattr(checks, name)
            if check is not None:
                named[f"{column}.{name}"] = check.min_pass
    return named | {f"predicates.{name}": check.min_pass for name, check in quality.predicates.items()}


def missing_columns(receipt: dict[str, Any]) -> list[Condition]:
    """Held, source by source, where the source has every column that the policy maps."""
    sources = section(receipt, "sources")
    return [_missing(name, section(sources, name).get("missing_columns")) for name in sorted(sources)]


def _missing(source: str, missing: Any) -> Condition:
    if not isinstance(missing, list):
        return unevaluated(f"missing_columns.{source}", 0, "the receipt does not tell which columns were found")
    return faultless(f"missing_columns.{source}", sorted(map(str, missing)), "every mapped column was found")


def _rule(rule: str, own: dict[str, Any], least: float | None, given_up: str | None, sure: float) -> Condition:
    name = f"rules.{rule}"
    if given_up is not None:
        return unevaluated(name, least, given_up)
    if not own or least is None:
        return unevaluated(name, least, "the report of validate does not judge this rule")
    evaluated, broken = count(own.get("evaluated")), count(own.get("broken"))
    if not evaluated or broken is None or broken > evaluated:
        return unevaluated(name, least, "nothing evaluated")
    hold = evaluated - broken
    held = share.may_reach(hold, evaluated, least, sure)
    return Condition(name, held, share.of(hold, evaluated), least, "records hold", evaluated)
