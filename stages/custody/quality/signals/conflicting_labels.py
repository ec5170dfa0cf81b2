"""Records that agree in every feature and differ in their label: one of them is wrong, or a feature is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.quality.groups import held, once
from custody.quality.signals.finding import Finding, Severity
from custody.quality.signals.seen import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from custody.policy.signals import ConflictingLabels
    from custody.quality.observing import Observed
    from custody.quality.signals.seen import Seen


def look(seen: Seen, words: ConflictingLabels) -> Outcome:
    """Find groups of labelled records with one hash of features (64 keyed bits) and several labels."""
    if not seen.labels:
        return Outcome(reason="no_label")
    parts = [(_vectors(part), _labels(part, sorted(seen.labels))) for part in seen.parts]
    several = conflicts(parts)
    broken = [(labels >= 0) & held(several, vectors) for vectors, labels in parts]
    groups, found = len(several), list[Finding]()
    if groups:
        count, of = (sum(int(one.sum()) for one in masks) for masks in (broken, [labels >= 0 for _, labels in parts]))
        what = "labelled records agree in every feature with one of another label"
        severity: Severity = "high" if count * 100 > of else "medium"
        figures = {"feature_vectors": groups}
        found = [Finding("conflicting_labels", "", count, of, severity, words.action, what, figures)]
    return Outcome(tuple(found), tuple(broken))


def conflicts(parts: Sequence[tuple[NDArray[np.uint64], NDArray[np.signedinteger]]]) -> NDArray[np.uint64]:
    """Return, ascending, the vectors that stand with several labels; `parts` are vectors and labels, -1 is no label."""
    most = max((int(labels.max()) for _, labels in parts if len(labels)), default=-1)
    known = [
        once(np.concatenate([once(vectors[labels == label]) for vectors, labels in parts])) for label in range(most + 1)
    ]
    ranked = np.sort(np.concatenate([np.empty(0, dtype=np.uint64), *known]))
    return once(ranked[1:][ranked[1:] == ranked[:-1]])


def _labels(part: Observed, names: Sequence[str]) -> NDArray[np.signedinteger]:
    places = {label: i for i, label in enumerate(names)}
    numbers = np.array([places.get(label, -1) for _, label in part.classes.keys], dtype=np.min_scalar_type(-len(names)))
    return numbers[part.classes.codes] if part.rows else np.zeros(0, dtype=np.int8)


def _vectors(part: Observed) -> NDArray[np.uint64]:
    return np.zeros(part.rows, dtype=np.uint64) if part.vectors is None else part.vectors
