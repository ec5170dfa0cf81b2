"""The second layer as people may see it: counts, rates and words of the policies, never a value of the data.

A count of persons, or of records of a group, below the larger k of both policies shows as `<k`, and what it could be
worked out from shows no more than which way it moved (`tables` for records that fare otherwise).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from custody.history.effect import exposed, figures, labels, tables
from custody.history.effect.disagreeing import disagreements
from custody.history.shown import FLOOR, shown
from custody.release.words import sentence

if TYPE_CHECKING:
    from custody.history.effect.flows import Flows
    from custody.history.effect.running import Cell
    from custody.policy import Policy
    from custody.records.run import Run
    from custody.release.condition import Condition, Decision

PERSONS: Final = ("subjects",)
"""What the persons that enter and leave could be worked out from."""
OF_RECORDS: Final = frozenset({"rules", "quality_score", "malformed", "missing_columns", "provenance", "licenses"})
"""First words of the conditions whose figure counts no persons."""


def floor(*policies: Policy) -> int:
    """Return the k below which no count is told: the largest of the policies', and never below that of none."""
    return max(FLOOR, *(one.privacy.k or FLOOR for one in policies))


def told(before: Cell, after: Cell, moved: Flows | None, answer: str, run: Run) -> dict[str, Any]:
    """Return the effect of going from one policy to the other, both on the same inputs.

    `answer` is what the change means; without `moved` records could not be joined.
    """
    k = floor(before.policy, after.policy)
    by_kind = {} if moved is None else moved.by_kind
    vague = moved is None or tables.hides(by_kind, k)
    few = moved is not None and any(0 < count < k for count in (moved.entering, moved.leaving))
    decisions = (word(before.decision), word(after.decision))
    seen = exposed.columns(before, after)
    found = {
        "k": k,
        "decision": {"before": decisions[0], "after": decisions[1], **_conditions(before.decision, after.decision)},
        "flows": tables.told(by_kind, k),
        "joined": moved is not None,
        "persons": {} if moved is None else {"entering": shown(moved.entering, k), "leaving": shown(moved.leaving, k)},
        "columns": {"exposed": seen.exposed, "covered": seen.covered},
        "figures": figures.told(
            figures.differences(figures.of(before), figures.of(after)), k, vague=vague, more=PERSONS if few else ()
        ),
        "pass_rates": {name: list(pair) for name, pair in _rates(before, after).items()},
        "labels": labels.balance(before, after, k, run, vague=vague),
    }
    return {**found, "disagreements": disagreements(answer, found, decisions)}


def word(decision: Decision) -> str:
    """`released` or `refused`."""
    return "released" if decision.released else "refused"


def _rates(before: Cell, after: Cell) -> dict[str, tuple[Any, Any]]:
    return figures.differences(figures.rates(before), figures.rates(after))


def _conditions(before: Decision, after: Decision) -> dict[str, list[str]]:
    old, new = ({one.id: one for one in decision.broken} for decision in (before, after))
    return {
        "newly_broken": [_condition(new[name]) for name in sorted(new.keys() - old.keys())],
        "newly_held": sorted(old.keys() - new.keys()),
    }


def _condition(one: Condition) -> str:
    """Of what counts persons, the condition alone is named."""
    return sentence(one) if one.id.split(".")[0] in OF_RECORDS else f"{one.id}: broken"
