"""Boosted decision tables over bytes: gradient boosting with Newton steps on the logistic loss.

Each tree asks the same question at every node of a level (an oblivious tree: R. Kohavi, The power of decision tables,
ECML 1995; used for boosting by L. Prokhorenkova et al., CatBoost, NeurIPS 2018), so a record's leaf is the bits of
its six answers, found without a branch. Steps and gains are those of T. Chen and C. Guestrin, XGBoost, KDD 2016,
equations 5 and 7. Weights are kept as integers, and scores are their sums: the same on every machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.quality.audit.bins import Codes

TREES: Final = 60
DEPTH: Final = 6
RATE: Final = 0.3
RIDGE: Final = 1.0
ONE: Final = 1 << 16
"""A margin of 1 (natural logarithm of odds) in integers."""
BLOCK: Final = 16_384
"""Records scored at once: what is worked on stays in the processor's cache."""


@dataclass(frozen=True)
class Trees:
    """One label against all others."""

    base: int
    splits: NDArray[np.uint8]
    """Shape (trees, DEPTH, 2): a feature's place, and the byte that must be exceeded."""
    leaves: NDArray[np.int32]
    """Shape (trees, 2**DEPTH)."""

    def margins(self, codes: Codes) -> NDArray[np.int32]:
        """Return the log odds of the label, in units of 1/ONE, one per record."""
        records = codes.shape[1]
        total = np.full(records, self.base, dtype=np.int32)
        leaf, above, part = np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.bool_), np.empty(BLOCK, np.int32)
        for start in range(0, records, BLOCK):
            size = min(BLOCK, records - start)
            block, sums = codes[:, start : start + size], total[start : start + size]
            for splits, weights in zip(self.splits.tolist(), self.leaves, strict=True):
                _leaf(block, splits, leaf[:size], above[:size])
                np.take(weights, leaf[:size], out=part[:size], mode="clip")
                sums += part[:size]
        return total


def _leaf(block: Codes, splits: list[list[int]], leaf: NDArray[np.uint8], above: NDArray[np.bool_]) -> None:
    """Write into `leaf` the answers of each record, the first in the highest bit."""
    leaf[:] = 0
    for feature, edge in splits:
        np.greater(block[feature], edge, out=above)
        np.add(leaf, leaf, out=leaf)
        np.bitwise_or(leaf, above.view(np.uint8), out=leaf)


def fit(codes: Codes, positive: NDArray[np.bool_], trees: int = TREES) -> Trees:
    """Fit a label (`positive`) against all others; both must occur."""
    target, keys = positive.astype(np.float64), codes.astype(np.int64)
    share = float(target.mean())
    base = round(math.log(share / (1 - share)) * ONE)
    margin = np.full(len(target), base / ONE)
    splits, leaves = [], []
    for _ in range(trees):
        odds = 1 / (1 + np.exp(-margin))
        gradient, curve = target - odds, odds * (1 - odds)
        leaf, chosen = _grow(codes, keys, gradient, curve)
        sums = [np.bincount(leaf, weights, 1 << DEPTH) for weights in (gradient, curve)]
        weights = np.rint(RATE * sums[0] / (sums[1] + RIDGE) * ONE).astype(np.int32)
        margin += weights[leaf] / ONE
        splits.append(chosen)
        leaves.append(weights)
    return Trees(base, np.array(splits, dtype=np.uint8), np.array(leaves, dtype=np.int32))


def _grow(
    codes: Codes, keys: NDArray[np.int64], gradient: NDArray[np.float64], curve: NDArray[np.float64]
) -> tuple[NDArray[np.int64], list[tuple[int, int]]]:
    """Choose the questions of one tree, level by level; return each record's leaf, and the questions."""
    leaf = np.zeros(codes.shape[1], dtype=np.int64)
    chosen = []
    for level in range(DEPTH):
        best = (-1.0, 0, 0)
        for feature in range(len(codes)):
            gain, edge = _best_edge(leaf * 256 + keys[feature], gradient, curve, 1 << level)
            best = max(best, (gain, -feature, -edge))
        feature, edge = -best[1], -best[2]
        chosen.append((feature, edge))
        leaf = leaf * 2 + (codes[feature] > edge)
    return leaf, chosen


def _best_edge(
    places: NDArray[np.int64], gradient: NDArray[np.float64], curve: NDArray[np.float64], leaves: int
) -> tuple[float, int]:
    first = np.bincount(places, gradient, leaves * 256).reshape(leaves, 256).cumsum(axis=1)
    second = np.bincount(places, curve, leaves * 256).reshape(leaves, 256).cumsum(axis=1)
    rest_first, rest_second = first[:, -1:] - first, second[:, -1:] - second
    gain = (first**2 / (second + RIDGE) + rest_first**2 / (rest_second + RIDGE)).sum(axis=0)[:-1]
    edge = int(np.argmax(gain))
    return round(float(gain[edge]), 9), edge
