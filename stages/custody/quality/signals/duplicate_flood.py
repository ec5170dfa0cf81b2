"""Floods of copies: a source and label of whose records many are copies weighs more than it should."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from custody.quality.signals.finding import Finding, Severity, rounded
from custody.quality.signals.seen import Outcome

if TYPE_CHECKING:
    from custody.policy.signals import DuplicateFlood
    from custody.quality.classes import Pair
    from custody.quality.signals.seen import Seen


def look(seen: Seen, words: DuplicateFlood) -> Outcome:
    """Find such sources; a source's labels with too many copies share a finding.

    `largest_label` and `largest_label_without` are the shares of the source's most frequent label among its labelled
    records, with all copies and without any: the balance of classes that a model sees, and the one behind it.
    """
    if not seen.records:
        return Outcome(reason="no_records")
    copies: Counter[Pair] = Counter()
    for part, copy in zip(seen.parts, seen.copies, strict=True):
        copies.update(part.classes.counts(copy))
    flooded = [
        pair
        for pair, count in sorted(seen.pairs.items())
        if count >= words.min_records and copies[pair] > words.max_share * count
    ]
    findings = [
        _finding(source, [pair for pair in flooded if pair[0] == source], seen, copies, words)
        for source in sorted({source for source, _ in flooded})
    ]
    marks = [copy & part.classes.among(flooded) for part, copy in zip(seen.parts, seen.copies, strict=True)]
    return Outcome(tuple(findings), tuple(marks))


def _finding(source: str, pairs: list[Pair], seen: Seen, copies: Counter[Pair], words: DuplicateFlood) -> Finding:
    count, of = sum(copies[pair] for pair in pairs), sum(seen.pairs[pair] for pair in pairs)
    own = {label: number for (name, label), number in seen.pairs.items() if name == source and label}
    without = {label: number - copies[source, label] for label, number in own.items()}
    figures = {
        "share": rounded(count / of),
        "labels": len(pairs),
        "largest_label": _largest(own),
        "largest_label_without": _largest(without),
    }
    severity: Severity = "high" if count * 10 > of * 9 else "medium"
    what = "records of this source, of the labels concerned, are copies of earlier ones"
    return Finding("duplicate_flood", source, count, of, severity, words.action, what, figures)


def _largest(counts: dict[str, int]) -> float:
    total = sum(counts.values())
    return rounded(max(counts.values()) / total) if total else 0.0
