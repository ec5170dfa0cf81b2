"""Are a statement's conditions those that its policy asks for, and does each follow from its own figure?

A statement says of each condition whether it is held. That is not believed: which conditions there must be and what
each must reach is asked of the policy, by letting the gate decide on nothing, and whether it is reached is worked out
again. What a finding's action was stands in no statement, so findings are left as they are. Figures are believed:
only a signature, or running the stages again, vouches for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from custody.release import share
from custody.release.candidate import Measured
from custody.release.decision import decide
from custody.release.protection import FEWEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from custody.policy import Policy
    from custody.release.condition import Condition

_FINDINGS: Final = "findings"
_AT_LEAST: Final = frozenset({"rows", "quality_score", "k", "l", "l_entropy", "rare"})
_SHARES: Final = frozenset({"malformed", "suppressed", "distinct"})


def faults(conditions: Iterable[Condition], policy: Policy) -> Iterator[str]:
    """Yield what does not agree, in words; no value of the data."""
    told = {one.id: one for one in conditions if _kind(one) != _FINDINGS}
    asked = _asked(policy)
    for name in sorted(asked.keys() - told.keys()):
        yield f"the policy asks for {name}, and the statement does not speak of it"
    for name in sorted(told.keys() - asked.keys()):
        yield f"the statement speaks of {name}, and the policy does not ask for it"
    for name in sorted(told.keys() & asked.keys()):
        one = told[name]
        if one.threshold != asked[name] and not _exempt(one, policy):
            yield f"{name} is held against another threshold than the policy's"
        elif _follows(one, policy) is not one.held:
            yield f"{name} is said to be {'held' if one.held else 'broken'}, and its figure says otherwise"


def _asked(policy: Policy) -> dict[str, int | float | None]:
    """Return the threshold of each condition that the gate looks at, whatever it finds."""
    nothing: dict[str, Any] = {"sources": {name: {} for name in policy.sources}}
    decided = decide(nothing, {}, {}, Measured(), policy)
    return {one.id: one.threshold for one in decided.conditions if _kind(one) != _FINDINGS}


def _exempt(one: Condition, policy: Policy) -> bool:
    """Say whether a condition has no threshold, or a lower one, for a reason that the policy gives."""
    kind, _, name = one.id.partition(".")
    if kind == "distinct":
        return one.threshold is None and (name in policy.gate.distinct_ok or (one.of is not None and one.of < FEWEST))
    if kind == "signals":
        return one.threshold is None and one.figure is None
    return kind == "rare" and one.threshold == one.figure == 0  # no category was written


def _follows(one: Condition, policy: Policy) -> bool:
    """Work out whether a condition is held. A share was cut to six digits: what was said stands where both can be."""
    kind, figure, least = _kind(one), one.figure, one.threshold
    if kind == "signals" and figure is None and least is None:
        return not policy.gate.require_anchor
    if figure is None:
        return False
    if least is None:
        return True
    if kind == "rules" or (kind in _SHARES and one.of):
        possible = {_reached(kind, part, one.of or 0, least, policy) for part in _parts(figure, one.of or 0)}
        return one.held if one.held in possible else not one.held
    return figure >= least if kind in _AT_LEAST else figure <= least


def _reached(kind: str, part: int, whole: int, threshold: float, policy: Policy) -> bool:
    if kind == "rules":
        return share.may_reach(part, whole, threshold, policy.gate.confidence)
    return not share.exceeds(part, whole, threshold)


def _parts(figure: float, whole: int) -> tuple[int, int]:
    """Return the least and the largest count whose share of `whole` is cut to `figure`."""
    cut = round(figure * share.DIGITS)
    return -(-cut * whole // share.DIGITS), min(whole, -(-(cut + 1) * whole // share.DIGITS) - 1)


def _kind(one: Condition) -> str:
    return one.id.split(".")[0]
