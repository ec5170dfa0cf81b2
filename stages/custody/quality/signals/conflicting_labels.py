"""Records that agree in every feature and differ in their label: one of them is wrong, or a feature is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.quality.signals.finding import Finding, Severity
from custody.quality.signals.seen import Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.policy.signals import ConflictingLabels
    from custody.quality.bits import Mask
    from custody.quality.observing import Observed
    from custody.quality.signals.seen import Seen


def look(seen: Seen, words: ConflictingLabels) -> Outcome:
    """Find groups of labelled records with one hash of features (64 keyed bits) and several labels."""
    if not seen.labels:
        return Outcome(reason="no_label")
    names = {label: i for i, label in enumerate(sorted(seen.labels))}
    labels = np.concatenate([_labels(part, names) for part in seen.parts])
    vectors = np.concatenate([_vectors(part) for part in seen.parts])
    broken, groups = conflicts(vectors, labels)
    found = []
    if groups:
        count, of = int(np.count_nonzero(broken)), int(np.count_nonzero(labels >= 0))
        what = "labelled records agree in every feature with one of another label"
        severity: Severity = "high" if count * 100 > of else "medium"
        figures = {"feature_vectors": groups}
        found = [Finding("conflicting_labels", "", count, of, severity, words.action, what, figures)]
    ends = np.cumsum([part.rows for part in seen.parts])[:-1]
    return Outcome(tuple(found), tuple(np.split(broken, ends)))


def conflicts(vectors: NDArray[np.uint64], labels: NDArray[np.int64]) -> tuple[Mask, int]:
    """Return which records are in a group of several labels, and how many such groups there are; -1 is no label."""
    some = np.flatnonzero(labels >= 0)
    order = some[np.argsort(vectors[some], kind="stable")]
    ranked, given = vectors[order], labels[order]
    broken = np.zeros(len(labels), dtype=np.bool_)
    if not len(order):
        return broken, 0
    starts = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
    several = np.minimum.reduceat(given, starts) != np.maximum.reduceat(given, starts)
    broken[order] = np.repeat(several, np.diff(starts, append=len(order)))
    return broken, int(np.count_nonzero(several))


def _labels(part: Observed, names: dict[str, int]) -> NDArray[np.int64]:
    numbers = np.array([names.get(label, -1) for _, label in part.classes.keys], dtype=np.int64)
    return numbers[part.classes.codes] if part.rows else np.zeros(0, dtype=np.int64)


def _vectors(part: Observed) -> NDArray[np.uint64]:
    return np.zeros(part.rows, dtype=np.uint64) if part.vectors is None else part.vectors
