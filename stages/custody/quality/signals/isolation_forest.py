"""IsolationForest on request: records of a sample that few random cuts set apart from the others.

F. T. Liu, K. M. Ting and Z.-H. Zhou, Isolation Forest, ICDM 2008: 100 trees over 256 records each, score 2^(-E(h) /
c(n)). Cuts come from a generator whose stream is frozen, harmonic numbers are summed, and scores are rounded, so that
machines agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from custody.quality.audit.neighbors import joined
from custody.quality.observing import numbers, numeric
from custody.quality.signals.finding import Finding, rounded
from custody.quality.signals.seen import Outcome

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from custody.policy.signals import IsolationForest
    from custody.quality.bits import Mask
    from custody.quality.signals.seen import Seen

TREES: Final = 100
RECORDS: Final = 256
DEPTH: Final = 8
"""Cuts, at most: log2 of the records of a tree."""


def look(seen: Seen, words: IsolationForest) -> Outcome:
    """Score the numeric features of a sample of about 2,048 records."""
    samples = [part.sample for part in seen.parts if part.sample is not None]
    sample = joined(samples) if samples else None
    if sample is None or not sample.numbers.size:
        return Outcome(reason="no_records")
    if sample.numbers.shape[1] == 1:  # one record is set apart from nobody
        return Outcome()
    count, of = int(np.count_nonzero(scores(sample.numbers) > words.max_score)), sample.numbers.shape[1]
    if count <= words.max_share * of:
        return Outcome()
    figures = {"share": rounded(count / of)}
    what = "records of a sample are set apart from the others by few random cuts"
    found = Finding("isolation_forest", "", count, of, "medium", words.action, what, figures)
    return Outcome((found,), which=(Apart(numeric(seen.watch), sample.numbers, words.max_score),))


@dataclass(frozen=True)
class Apart:
    """Records, of the sample or not, that the trees which a sample grows set apart."""

    columns: tuple[str, ...]
    sample: NDArray[np.float64] = field(repr=False)
    above: float

    def mask(self, table: pa.Table) -> Mask:
        """True for records with a higher score; a column that the table lacks was not in the sample either."""
        present = [numbers(table, name) for name in self.columns if name in table.column_names]
        return scores(self.sample, np.stack(present)) > self.above


def scores(sample: NDArray[np.float64], records: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Return the anomaly score of each record, 0 to 1, or of each of the sample, whose trees they are.

    Shapes: (features, records). NaN counts as the sample's least.
    """
    known = np.where(np.isfinite(sample), sample, np.inf)
    lowest = np.min(known, axis=1, keepdims=True)
    lowest = np.where(np.isinf(lowest), 0.0, lowest)
    grown, points = (
        np.where(np.isfinite(some), some, lowest) for some in (sample, sample if records is None else records)
    )
    chance = np.random.RandomState(0)  # its stream never changes, a Generator's may
    total = np.zeros(points.shape[1])
    for _ in range(TREES):
        chosen = chance.permutation(grown.shape[1])[:RECORDS]
        total += _depths(grown[:, chosen], points, np.arange(points.shape[1]), chance, 0)
    typical = max(_mean_depth(min(RECORDS, grown.shape[1])), 1.0)
    return np.round(np.exp2(-total / (TREES * typical)), 6).astype(np.float64)


def _depths(
    own: NDArray[np.float64],
    points: NDArray[np.float64],
    rows: NDArray[np.int64],
    chance: np.random.RandomState,
    depth: int,
) -> NDArray[np.float64]:
    """Return how deep each of `rows` ends in one tree that the records `own` grow."""
    size = own.shape[1]
    spread = np.flatnonzero(own.min(axis=1) < own.max(axis=1)) if size > 1 else np.zeros(0, dtype=np.int64)
    if depth == DEPTH or not len(spread):
        return np.full(len(rows), depth + _mean_depth(size))
    feature = int(spread[int(chance.random_sample() * len(spread))])
    start, end = float(own[feature].min()), float(own[feature].max())
    cut = start + (end - start) * (1 - chance.random_sample())
    left, into = points[feature, rows] < cut, own[feature] < cut
    depths = np.empty(len(rows))
    depths[left] = _depths(own[:, into], points, rows[left], chance, depth + 1)
    depths[~left] = _depths(own[:, ~into], points, rows[~left], chance, depth + 1)
    return depths


def _mean_depth(records: int) -> float:
    """Return the mean depth of an unsuccessful search in a binary search tree: 2 H(n - 1) - 2 (n - 1) / n."""
    if records <= 1:
        return 0.0
    return 2 * sum(1 / i for i in range(1, records)) - 2 * (records - 1) / records
