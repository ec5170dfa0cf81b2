"""The audit's model: bins, trees and out-of-fold margins per label; how it is made, stored and read.

Stored as tables of integers and keyed hashes, in the parts `audit_bins`, `audit_trees` and `audit_margins`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from custody.quality.audit import trees
from custody.quality.audit.trees import ONE, Trees

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from custody.quality.audit.bins import Bin, Codes
    from custody.quality.profile.histogram import Counts

FOLDS: Final = 3
LEAST: Final = 50
"""Records that a label needs, inside and outside it, to be modelled."""
STEP: Final = ONE // 16
"""Margins are compared in sixteenths."""


@dataclass(frozen=True)
class Label:
    """What is known of one label, by its keyed hash."""

    model: Trees
    margins: Counts
    """Out-of-fold margins of the anchored records that have the label, in sixteenths: its own disagreement."""

    def threshold(self, false_positives: float) -> int:
        """Return the margin below which at most this share of the anchored records with the label lie."""
        allowed, below = int(false_positives * sum(self.margins.values())), 0
        for margin, count in sorted(self.margins.items()):
            if below + count > allowed:
                return margin
            below += count
        return 0


@dataclass(frozen=True)
class Model:
    """Bins of the features, and a model of each label by its keyed hash."""

    bins: tuple[Bin, ...]
    labels: dict[str, Label]


def steps(margins: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return margins in whole sixteenths, rounded down."""
    return margins // np.int32(STEP)


def learn(codes: Codes, given: NDArray[np.int64], names: Mapping[int, str], bins: tuple[Bin, ...]) -> Model:
    """Fit every label that is frequent enough; `given` is each record's label as a number, `names` its keyed hash."""
    folds = np.random.default_rng(0).integers(0, FOLDS, len(given))
    counts = np.bincount(given, minlength=max(names, default=0) + 1)
    frequent = [one for one in names if counts[one] >= LEAST and len(given) - counts[one] >= LEAST]
    return Model(bins, {names[one]: _label(codes, given == one, folds) for one in sorted(frequent)})


def _label(codes: Codes, positive: NDArray[np.bool_], folds: NDArray[np.int64]) -> Label:
    margins = np.zeros(len(positive), dtype=np.int32)
    for fold in range(FOLDS):
        inside, own = folds != fold, (folds == fold) & positive
        margins[own] = trees.fit(np.ascontiguousarray(codes[:, inside]), positive[inside]).margins(
            np.ascontiguousarray(codes[:, own])
        )
    found, counted = np.unique(steps(margins[positive]), return_counts=True)
    kept = dict(zip(map(int, found), map(int, counted), strict=True))
    return Label(trees.fit(codes, positive), kept)
