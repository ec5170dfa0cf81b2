"""Features of which nearly all values are the same: nothing can be learned from them, or a source has gone flat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.quality.signals.finding import Finding, Severity, rounded
from custody.quality.signals.seen import Outcome

if TYPE_CHECKING:
    from custody.policy.signals import Constant
    from custody.quality.profile import Profile
    from custody.quality.signals.seen import Seen


def look(seen: Seen, words: Constant) -> Outcome:
    """Find features whose most frequent category, bucket of numbers, or absence has too large a share of the records.

    A column that the data lacks is no finding here: a rule or a missing mapped column speaks of it.
    """
    if not seen.records:
        return Outcome(reason="no_records")
    found = []
    for name in seen.watch.features:
        if name in seen.profiles:
            count, kind = most(seen.profiles[name])
            if count > words.max_share * seen.records:
                severity: Severity = "medium" if count == seen.records else "low"
                figures = {"share": rounded(count / seen.records)}
                found.append(Finding("constant", name, count, seen.records, severity, words.action, kind, figures))
    return Outcome(tuple(found))


def most(profile: Profile) -> tuple[int, str]:
    """Return how many records the most frequent cell has, and what it is, in words."""
    counts = profile.categories if profile.categories is not None else profile.shape
    common = max(counts.values(), default=0)
    if profile.missing > common:
        return profile.missing, "records have no value in this feature"
    return common, "records have the same value in this feature, or numbers within an eighth of each other"
