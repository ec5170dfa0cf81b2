"""Conditions on signals of poisoning and drift: each looked for, and each finding accepted as the policy says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from custody.release.condition import Condition, count, entries, faultless, section, unevaluated

if TYPE_CHECKING:
    from custody.policy.gate import Gate
    from custody.policy.quality import Quality

REASONS: Final = {
    "no_label": "no record has a label (quality.label)",
    "no_records": "there is no record",
    "check_failed": "looking for it failed on this data",
}


def signals(validated: dict[str, Any], quality: Quality, gate: Gate) -> list[Condition]:
    """One condition per signal that the policy names, by name: held where it was looked for.

    A signal that needs an anchor is held without one, and says so, unless `gate.require_anchor`.
    """
    named = [name for name in type(quality.signals).model_fields if getattr(quality.signals, name) is not None]
    return [_signal(name, section(validated, "signals", name), gate) for name in sorted(named)]


def findings(validated: dict[str, Any], gate: Gate) -> list[Condition]:
    """One condition per finding of validate, by its id.

    `warn` and `quarantine` are held: told, and acted on. `review` is broken until the id stands in `gate.reviewed`;
    `refuse`, and anything else, is broken.
    """
    found = entries(validated.get("findings"))
    told = sum(count(section(one).get("findings")) or 0 for one in section(validated, "signals").values())
    if told != len(found):
        return [unevaluated("findings", 0, "the report of validate counts other findings than it lists")]
    return [_finding(one, gate) for one in found]


def _signal(name: str, own: dict[str, Any], gate: Gate) -> Condition:
    where = f"signals.{name}"
    if own.get("evaluated") is True:
        return faultless(where, [], "looked for")
    if own.get("reason") == "no_anchor":
        what = "no anchor: compared with nothing; pin a released version: custody anchor set REV"
        return Condition(where, not gate.require_anchor, None, None, what)
    return unevaluated(where, 0, REASONS.get(str(own.get("reason")), "the report of validate does not speak of it"))


def _finding(own: dict[str, Any], gate: Gate) -> Condition:
    name, action, number = str(own.get("id")), own.get("action"), count(own.get("count"))
    if number is None:
        return unevaluated(f"findings.{name}", None, "the report of validate does not count it")
    held = action in {"warn", "quarantine"} or (action == "review" and name in gate.reviewed)
    place = f" ({own['where']})" if own.get("where") else ""
    todo = {"review": f"; once reviewed, name {name} under gate.reviewed"} if not held else {}
    what = f"{own.get('what')}{place}{todo.get(str(action), '')}"
    return Condition(f"findings.{name}", held, number, None, what, count(own.get("of")))
