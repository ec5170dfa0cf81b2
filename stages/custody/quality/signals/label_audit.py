"""Labels that the anchored version's model finds implausible; where it does not apply, those that neighbors contradict.

Drift is measured first: a model says nothing about records of a kind that it has not seen, and would doubt a fifth of
them. Then the batch is sent to review as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.quality.audit.neighbors import doubted, joined
from custody.quality.observing import UNAUDITED
from custody.quality.signals.finding import Finding, Severity, rounded
from custody.quality.signals.seen import Outcome

if TYPE_CHECKING:
    from custody.policy.signals import LabelAudit
    from custody.quality.bits import Mask
    from custody.quality.observing import Observed
    from custody.quality.signals.seen import Seen


def look(seen: Seen, words: LabelAudit) -> Outcome:
    """Doubt labels by the anchor where it applies, else by neighbors, and say which."""
    if not seen.labels:
        return Outcome(reason="no_label")
    if seen.watch.pinned is None or seen.watch.pinned.model is None:
        return Outcome(tuple(_neighbors(seen, words)))
    drifted, features = drifted_features(seen)
    if any(part.margins is None for part in seen.parts) or drifted > words.max_drifted * features:
        figures = {"drifted_features": drifted, "features": features}
        what = "labelled records differ too much from the anchored ones for the model to apply: look at the batch"
        action = "review" if words.action in {"warn", "quarantine"} else words.action
        count = sum(seen.labels.values())
        away = Finding("anchor_does_not_apply", "", count, count, "high", action, what, figures)
        return Outcome((away, *_neighbors(seen, words)))
    marks = seen.mark(lambda part: _doubted(seen, part, words))
    return Outcome((*_model(seen, marks, words), *_unseen(seen, words)), marks)


def drifted_features(seen: Seen) -> tuple[int, int]:
    """Return how many of the model's features have drifted, are gone or are of another type, and how many there are."""
    model = seen.watch.pinned.model if seen.watch.pinned else None
    names = [one.column for one in model.bins] if model else []
    moved = [name for name in names if name not in seen.compared or any(one.drifted for one in seen.compared[name])]
    return len(moved), len(names)


def _doubted(seen: Seen, part: Observed, words: LabelAudit) -> Mask:
    """True where a record's margin is below the threshold of its own label."""
    model = seen.watch.pinned.model if seen.watch.pinned else None
    lowest = []
    for _, label in part.classes.keys:
        known = model.labels.get(seen.watch.hashes.of_text(str(seen.watch.label), label)) if model else None
        lowest.append(known.threshold(words.false_positives) if known else np.iinfo(np.int16).min)
    if part.margins is None or not part.rows:
        return np.zeros(part.rows, dtype=np.bool_)
    return np.asarray(part.margins < np.array(lowest, dtype=np.int32)[part.classes.codes])


def _model(seen: Seen, marks: tuple[Mask, ...], words: LabelAudit) -> list[Finding]:
    margins = [part.margins for part in seen.parts if part.margins is not None]
    count = sum(int(np.count_nonzero(mark)) for mark in marks)
    of = sum(int(np.count_nonzero(one != UNAUDITED)) for one in margins)
    if count <= words.max_share * of:
        return []
    what = "labels are implausible to the model of the anchored version"
    figures = {"share": rounded(count / of), "expected": words.false_positives}
    return [Finding("label_audit", "", count, of, _severity(count, of), words.action, what, figures)]


def _unseen(seen: Seen, words: LabelAudit) -> list[Finding]:
    model = seen.watch.pinned.model if seen.watch.pinned else None
    hashes, column = seen.watch.hashes, str(seen.watch.label)
    unseen = [label for label in seen.labels if model is None or hashes.of_text(column, label) not in model.labels]
    count, of = sum(seen.labels[label] for label in unseen), sum(seen.labels.values())
    if not count:
        return []
    what = "labels are unknown to the anchored version, or too rare there to be audited"
    figures = {"labels": len(unseen)}
    return [Finding("label_unaudited", "", count, of, _severity(count, of), words.action, what, figures)]


def _neighbors(seen: Seen, words: LabelAudit) -> list[Finding]:
    samples = [part.sample for part in seen.parts if part.sample is not None]
    if not samples:
        return []
    sample = joined(samples)
    count, of = int(np.count_nonzero(doubted(sample))), len(sample.labels)
    if count <= words.max_share * of:
        return []
    what = "labels of a sample are contradicted by most of the nearest records of this batch; no anchor was used"
    figures = {"share": rounded(count / of)}
    return [Finding("label_neighbors", "", count, of, _severity(count, of), words.action, what, figures)]


def _severity(count: int, of: int) -> Severity:
    return "high" if count * 50 > of else "medium"
