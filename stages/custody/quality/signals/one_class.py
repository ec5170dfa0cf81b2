"""A source whose labelled records all have one label: a model can learn the source in the place of the label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.quality.signals.finding import Finding
from custody.quality.signals.seen import Outcome

if TYPE_CHECKING:
    from custody.policy.signals import OneClass
    from custody.quality.signals.seen import Seen


def look(seen: Seen, words: OneClass) -> Outcome:
    """Find such sources; where all data has one label, that is one finding without a source."""
    if not seen.labels:
        return Outcome(reason="no_label")
    labels: dict[str, dict[str, int]] = {}
    for (source, label), count in sorted(seen.pairs.items()):
        if label:
            labels.setdefault(source, {})[label] = count
    total = sum(seen.labels.values())
    if len(seen.labels) == 1:
        what = "labelled records have one label; there is no other"
        found = [Finding("one_class", "", total, total, "high", words.action, what)]
        return Outcome(tuple(found), seen.mark(lambda part: part.classes.among(_pairs(seen, [*labels]))))
    one = [name for name, own in labels.items() if len(own) == 1 and sum(own.values()) >= words.min_records]
    what = "labelled records of this source have the same label"
    findings = [
        Finding("one_class", name, _sum(labels[name]), _sum(labels[name]), "medium", words.action, what) for name in one
    ]
    return Outcome(tuple(findings), seen.mark(lambda part: part.classes.among(_pairs(seen, one))))


def _sum(counts: dict[str, int]) -> int:
    return sum(counts.values())


def _pairs(seen: Seen, sources: list[str]) -> list[tuple[str, str]]:
    return [pair for pair in seen.pairs if pair[0] in sources and pair[1]]
