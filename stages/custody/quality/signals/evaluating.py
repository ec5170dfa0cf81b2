"""Look for every signal that the policy names; one that fails on this data is not evaluated, and the gate refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from custody.quality.signals import (
    appended_block,
    balance,
    conflicting_labels,
    constant,
    drift,
    duplicate_flood,
    isolation_forest,
    label_audit,
    one_class,
    outliers,
)
from custody.quality.signals.seen import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custody.policy.signals import Signals
    from custody.quality.signals.seen import Seen

LOOKS: Final[Mapping[str, Callable[[Seen, Any], Outcome]]] = {
    "appended_block": appended_block.look,
    "balance": balance.look,
    "conflicting_labels": conflicting_labels.look,
    "constant": constant.look,
    "drift": drift.look,
    "duplicate_flood": duplicate_flood.look,
    "isolation_forest": isolation_forest.look,
    "label_audit": label_audit.look,
    "one_class": one_class.look,
    "outliers": outliers.look,
}
"""Each signal by the policy's word for it."""


def named(signals: Signals) -> dict[str, Any]:
    """Return the signals that the policy names, by name in alphabetical order."""
    found = {name: getattr(signals, name) for name in sorted(LOOKS)}
    return {name: words for name, words in found.items() if words is not None}


def evaluate(seen: Seen) -> dict[str, Outcome]:
    """Return what each named signal found."""
    return {name: _look(name, seen, words) for name, words in named(seen.watch.signals).items()}


def failed(signals: Signals) -> dict[str, Outcome]:
    """Return that no named signal could be looked for."""
    return {name: Outcome(reason="check_failed") for name in named(signals)}


def body(outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """Return the report's parts: which signals were evaluated, and all findings by their id."""
    findings = [one for outcome in outcomes.values() for one in outcome.findings]
    return {
        "signals": {
            name: {"evaluated": outcome.reason is None, "reason": outcome.reason, "findings": len(outcome.findings)}
            for name, outcome in outcomes.items()
        },
        "findings": [one.body() for one in sorted(findings, key=lambda one: (one.code, one.where))],
    }


def _look(name: str, seen: Seen, words: Any) -> Outcome:
    try:
        return LOOKS[name](seen, words)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # as with rules: whatever this data provokes, the gate refuses, the stage goes on
        return Outcome(reason="check_failed")
