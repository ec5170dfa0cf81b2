"""Flows as people may see them, who see all of them at once, and the figures beside them, and know this code.

Where a count of a flow is hidden, its other parts are told by size alone: which of them was chosen to be hidden would
tell about it. Flows overlap, too: what is no longer admitted is newly quarantined, withheld, suppressed or not
collected, so sums of one tell parts of another. There sums are told as multiples of k: two of them differ from what
they are by up to k - 1 either way, which leaves every hidden count as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custody.history.effect.flows import LEFT
from custody.history.shown import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custody.history.effect.flows import Flow


def told(flows: Mapping[str, Flow], k: int) -> dict[str, dict[str, Any]]:
    """Return every flow that has records."""
    full = {kind: one for kind, one in flows.items() if one.records}
    if not any(_hides(one, k) or 0 < one.persons < k for one in full.values()):
        return {kind: _exact(one, k) for kind, one in full.items()}
    return {kind: (_apart if _alone(full) else _coarse)(one, k) for kind, one in full.items()}


def hides(flows: Mapping[str, Flow], k: int) -> bool:
    """Say whether a count of records is hidden, which figures could tell: of all, of a source or of a reason."""
    return any(_hides(one, k) for one in flows.values())


def _hides(one: Flow, k: int) -> bool:
    return any(0 < count < k for count in (*one.sources.values(), *one.reasons.values()))


def _alone(flows: Mapping[str, Flow]) -> bool:
    """Say whether there is one flow alone; what is no longer admitted may be the same one told again."""
    others = [one for kind, one in flows.items() if kind != LEFT]
    left = flows.get(LEFT)
    return len(others) < 2 and all(  # noqa: PLR2004  # one or none
        left is None or (one.sources, one.reasons, one.persons) == (left.sources, left.reasons, left.persons)
        for one in others
    )


def _exact(one: Flow, k: int) -> dict[str, Any]:
    return {
        "records": shown(one.records, k),
        "persons": shown(one.persons, k),
        "by_source": dict(sorted(one.sources.items())),
        "by_reason": dict(sorted(one.reasons.items())),
    }


def _apart(one: Flow, k: int) -> dict[str, Any]:
    """A flow that no other one tells about: its sum is told where it leaves all parts open, whatever they are."""
    if not _hides(one, k):
        return _exact(one, k)
    most = max(len(one.sources), len(one.reasons))
    records = one.records if one.records >= (most + 1) * k and _has_large(one, k) else _multiple(one.records, k)
    return _coarse(one, k) | {"records": records, "persons": shown(one.persons, k)}


def _has_large(one: Flow, k: int) -> bool:
    """Say whether in either table a part of k and more makes up for the hidden ones."""
    return all(max(counts.values()) >= k for counts in (one.sources, one.reasons))


def _coarse(one: Flow, k: int) -> dict[str, Any]:
    return {
        "records": _multiple(one.records, k),
        "persons": _multiple(one.persons, k),
        "by_source": {name: _size(count, k) for name, count in sorted(one.sources.items())},
        "by_reason": {name: _size(count, k) for name, count in sorted(one.reasons.items())},
    }


def _multiple(count: int, k: int) -> int | str:
    return f"≥{count - count % k:,}" if count >= k else shown(count, k)


def _size(count: int, k: int) -> int | str:
    return f"≥{k}" if count >= k else shown(count, k)
