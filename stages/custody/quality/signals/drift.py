"""Drift against the anchor: columns whose distribution moved, new and vanished categories, another schema."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from custody.quality.drift.comparing import schema
from custody.quality.signals.finding import Finding, Severity
from custody.quality.signals.seen import Outcome
from custody.quality.signals.texts import Texts

if TYPE_CHECKING:
    from custody.policy.signals import Drift
    from custody.quality.drift.comparing import Compared
    from custody.quality.signals.seen import Seen


def look(seen: Seen, words: Drift) -> Outcome:
    """Find what differs from the anchored version; categories are counted, never listed."""
    pinned = seen.watch.pinned
    if pinned is None:
        return Outcome(reason="no_anchor")
    if not seen.records:
        return Outcome(reason="no_records")
    action = "review" if words.action == "quarantine" else words.action
    changes = schema(pinned.schema, seen.watch.kinds)
    found = [
        Finding("schema_drift", name, 1, 1, "high", action, f"column was {change} since the anchored version")
        for name, change in changes.items()
    ]
    which = []
    for name, compared in seen.compared.items():
        for one in compared:
            found += _findings(name, one, seen.records, (action, words.action))
            if one.new:
                which.append(Texts(name, frozenset(_unknown(seen, name))))
    return Outcome(tuple(found), which=tuple(which))


def by_column(seen: Seen, outcome: Outcome | None) -> list[dict[str, Any]]:
    """Return, for the report, how far each column is from its anchored self; nothing where drift was not looked for."""
    if outcome is None or outcome.reason is not None:
        return []
    return [asdict(one) for _, compared in sorted(seen.compared.items()) for one in compared]


def _unknown(seen: Seen, name: str) -> list[str]:
    """Return the categories of a column that the anchored version does not have."""
    known = seen.watch.pinned.profiles[name].categories if seen.watch.pinned else None
    present, hashes = seen.profiles[name].categories, seen.watch.hashes
    return [text for text in present or () if hashes.of_text(name, text) not in (known or ())]


def _findings(name: str, one: Compared, records: int, actions: tuple[str, str]) -> list[Finding]:
    """Return what a comparison says; `actions` are for a whole column, and for records of a new category."""
    found = []
    if one.drifted:
        figures = {one.measure: one.effect, "threshold": one.threshold}
        what = "records are distributed otherwise in this column than the anchored ones"
        severity: Severity = (
            "high" if one.effect > 2.5 * one.threshold else "medium"
        )  # 0.25 where the floor of 0.1 decides
        found.append(Finding("drift", name, records, records, severity, actions[0], what, figures))
    if one.new:
        what = "records have a category in this column that the anchored version does not have"
        rate: Severity = "medium" if one.new * 100 > records else "low"
        figures = {"categories": one.new_categories}
        found.append(Finding("new_category", name, one.new, records, rate, actions[1], what, figures))
    if one.vanished:
        what = "categories of the anchored version are gone from this column"
        found.append(Finding("vanished_category", name, one.vanished, one.vanished, "low", actions[0], what))
    return found
