"""A block appended to the anchored version: files begin with all that was anchored, and go on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from custody.quality.signals.finding import Finding, Severity, rounded
from custody.quality.signals.seen import Outcome

if TYPE_CHECKING:
    from custody.policy.signals import AppendedBlock
    from custody.quality.bits import Mask
    from custody.quality.signals.seen import Seen

UNTIL_THEN = 2**64


def look(seen: Seen, words: AppendedBlock) -> Outcome:
    """Find sources that hold every anchored file of theirs, as it was or as a file's beginning, and more records.

    A source of which an anchored file has changed or gone has not grown by a block, and is no finding here.
    `largest_label` is the share of the most frequent label in the block, `largest_label_before` in what was anchored.
    """
    if seen.watch.pinned is None or not seen.watch.pinned.files:
        return Outcome(reason="no_anchor")
    starts = _starts(seen)
    grown = sorted({seen.watch.places[part.name].source for part in seen.parts} & set(starts))
    marks = tuple(_appended(seen, i, starts) for i in range(len(seen.parts)))
    findings = [one for source in grown if (one := _finding(source, seen, marks, words)) is not None]
    kept = {one.where for one in findings}
    within = [seen.watch.places[part.name].source in kept for part in seen.parts]
    return Outcome(tuple(findings), tuple(mark & inside for mark, inside in zip(marks, within, strict=True)))


def _starts(seen: Seen) -> dict[str, dict[str, int]]:
    """Return, by source that holds all its anchored files, how many records of each file were anchored."""
    pinned = seen.watch.pinned
    sums: dict[tuple[str, str, int], int] = {}
    rows: Counter[tuple[str, str]] = Counter()
    for part in seen.parts:
        place = seen.watch.places[part.name]
        rows[place.source, place.file] += part.rows
        for cut, one in part.sums.items():
            key = (place.source, place.file, cut)
            sums[key] = (sums.get(key, 0) + one) % UNTIL_THEN
    found: dict[str, dict[str, int]] = {}
    for source in sorted({one.source for one in pinned.files} if pinned else ()):
        anchored = [one for one in pinned.files if one.source == source] if pinned else []
        matched = {
            file: one.rows
            for (name, file), count in sorted(rows.items())
            for one in anchored
            if name == source and count >= one.rows and sums.get((source, file, one.rows)) == one.checksum
        }
        if len(matched) == len(anchored):
            found[source] = {file: matched.get(file, 0) for name, file in rows if name == source}
    return found


def _appended(seen: Seen, i: int, starts: dict[str, dict[str, int]]) -> Mask:
    part = seen.parts[i]
    place = seen.watch.places[part.name]
    start = starts.get(place.source, {}).get(place.file)
    if start is None:
        return np.zeros(part.rows, dtype=np.bool_)
    return np.arange(place.in_file, place.in_file + part.rows) >= start


def _finding(source: str, seen: Seen, marks: tuple[Mask, ...], words: AppendedBlock) -> Finding | None:
    block: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for part, mark in zip(seen.parts, marks, strict=True):
        if seen.watch.places[part.name].source == source:
            for (_, label), count in part.classes.counts(mark).items():
                block[label] += count
            for (_, label), count in part.classes.counts().items():
                whole[label] += count
    count, of = sum(block.values()), sum(whole.values())
    if count < words.min_records:
        return None
    figures: dict[str, int | float] = {"anchored": of - count, "labels": len([label for label in block if label])}
    if figures["labels"]:
        figures |= {"largest_label": _largest(block), "largest_label_before": _largest(whole - block)}
    severity: Severity = "high" if figures["labels"] == 1 and len([label for label in whole if label]) > 1 else "low"
    what = "records of this source stand after those of the anchored version, of which nothing has changed"
    return Finding("appended_block", source, count, of, severity, words.action, what, figures)


def _largest(counts: Counter[str]) -> float:
    own = [count for label, count in counts.items() if label]
    return rounded(max(own) / sum(own)) if own and sum(own) else 0.0
