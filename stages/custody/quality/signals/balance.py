"""Balance of labels by subgroup: a label that is far more, or less, frequent in a source or group than in all data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from custody.quality.signals.finding import Finding, rounded
from custody.quality.signals.seen import Outcome
from custody.quality.signals.texts import Texts
from custody.quality.wilson import interval
from custody.records.columns import SOURCE

if TYPE_CHECKING:
    from custody.policy.signals import Balance
    from custody.quality.signals.seen import Seen

CONFIDENCE = 0.999


def look(seen: Seen, words: Balance) -> Outcome:
    """Find sources by their id, and of each named column how many of its groups are out of balance.

    A label's share in a subgroup is out of balance where even the nearer end of its Wilson interval is further from the
    share in all labelled records than `max_difference`.
    """
    if not seen.labels:
        return Outcome(reason="no_label")
    sources: dict[str, Counter[str]] = {}
    for (source, label), count in seen.pairs.items():
        if label:
            sources.setdefault(source, Counter())[label] += count
    found = [
        Finding("balance", name, _sum(own), _sum(seen.labels), "medium", words.action, _WHAT, {"difference": gap})
        for name, own in sorted(sources.items())
        if (gap := difference(own, seen.labels, words.min_records)) > words.max_difference
    ]
    wide = _wide(seen, words)
    chosen = {SOURCE: [one.where for one in found], **{name: groups for name, (_, groups) in wide.items()}}
    which = [Texts(name, frozenset(some), seen.watch.label) for name, some in chosen.items() if some]
    return Outcome((*found, *(one for one, _ in wide.values())), which=tuple(which))


def difference(own: Counter[str], whole: Counter[str], least: int) -> float:
    """Return the largest difference that is certain, over all labels; 0 for a small subgroup, or where none is."""
    records, total = _sum(own), _sum(whole)
    if records < least or not total:
        return 0.0
    gaps = []
    for label, count in whole.items():
        low, high = interval(own[label], records, CONFIDENCE)
        gaps.append(max(low - count / total, count / total - high))
    return rounded(max(0.0, *gaps))


def _wide(seen: Seen, words: Balance) -> dict[str, tuple[Finding, list[str]]]:
    """Return, by column, the finding and the groups that it speaks of."""
    total: Counter[tuple[str, str, str]] = sum((part.groups for part in seen.parts), Counter())
    found = {}
    for column in words.by:
        groups: dict[str, Counter[str]] = {}
        for (name, group, label), count in total.items():
            if name == column and group and label:
                groups.setdefault(group, Counter())[label] += count
        gaps = {name: difference(own, seen.labels, words.min_records) for name, own in groups.items()}
        wide = sorted(name for name, gap in gaps.items() if gap > words.max_difference)
        if wide:
            count = sum(_sum(groups[name]) for name in wide)
            figures = {"difference": max(gaps.values()), "groups": len(wide), "of_groups": len(groups)}
            of = _sum(seen.labels)
            found[column] = Finding("balance", column, count, of, "medium", words.action, _GROUPS, figures), wide
    return found


_WHAT = "labelled records are of this source, in which a label is far more or less frequent than in all"
_GROUPS = "labelled records are of groups of this column in which a label is far more or less frequent than in all"


def _sum(counts: Counter[str]) -> int:
    return sum(counts.values())
