"""The levels of several ladders that meet a demand with the least loss.

A node has one level per ladder; it is coarser than another where none of its levels is lower. What a demand asks of
groups holds on every coarser node once it holds on one (k-anonymity and l-diversity are monotone: Samarati 2001;
LeFevre, DeWitt and Ramakrishnan 2005, Incognito), so that one test settles many nodes. Paths are bisected as in Flash
(Kohlmayer, Prasser, Eckert, Kemper and Kuhn 2012), and of the nodes that hold the one of least loss is taken, as in
OLA (El Emam and others 2009).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


Levels: TypeAlias = tuple[int, ...]

TESTS = 200
"""Nodes that are tested at most; then the best one found so far is taken."""


class Verdict(Enum):
    """What a node is found to be; every node that is coarser than one that is not `SHORT` is not `SHORT` either."""

    HOLDS = "holds"
    FAR = "far"
    """Its groups are large and diverse enough, and miss what is not monotone (t-closeness)."""
    SHORT = "short"


@dataclass(frozen=True)
class Found:
    """The best node, None where not even the coarsest holds; how many nodes there are and how many were tested."""

    levels: Levels | None
    nodes: int
    tested: int
    complete: bool
    """No untested node could be better."""


def search(losses: Sequence[Sequence[float]], test: Callable[[Levels], Verdict], most: int = TESTS) -> Found:
    """Return the node of least loss that holds; a node's loss is the mean of its levels' `losses`, which never fall.

    Of equal losses the node with the lower levels is taken, in all and then in the order of the ladders. The result
    depends on `losses` and on what `test` says alone.
    """
    search_ = _Search(losses, test)
    top = len(search_.nodes) - 1
    if search_.tested(top) is not Verdict.HOLDS:
        return Found(None, len(search_.nodes), 1, complete=True)
    best = top
    while len(search_.known) < most:
        better = np.flatnonzero(search_.open & (search_.rank < search_.rank[best]))
        if not len(better):
            return Found(search_.levels(best), len(search_.nodes), len(search_.known), complete=True)
        found = search_.bisect(int(better[np.argmin(search_.rank[better])]))
        best = min((best, found), key=lambda node: search_.rank[node]) if found is not None else best
    return Found(search_.levels(best), len(search_.nodes), len(search_.known), complete=False)


class _Search:
    """Nodes in the order of `itertools.product`, and what is known of them."""

    def __init__(self, losses: Sequence[Sequence[float]], test: Callable[[Levels], Verdict]) -> None:
        self._losses, self._test = losses, test
        nodes = list(product(*(range(len(levels)) for levels in losses)))
        self.nodes = np.array(nodes, dtype=np.int64).reshape(len(nodes), len(losses))
        loss = sum((np.asarray(levels)[self.nodes[:, i]] for i, levels in enumerate(losses)), np.zeros(len(self.nodes)))
        order = np.lexsort((np.arange(len(self.nodes)), self.nodes.sum(axis=1), np.round(loss, 6)))
        self.rank = np.empty(len(self.nodes), dtype=np.int64)
        self.rank[order] = np.arange(len(self.nodes))
        self.open = np.ones(len(self.nodes), dtype=np.bool_)
        self.known: dict[int, Verdict] = {}

    def levels(self, node: int) -> Levels:
        return tuple(self.nodes[node].tolist())

    def tested(self, node: int) -> Verdict:
        """Test a node, once, and settle those that its verdict settles."""
        if node not in self.known:
            self.known[node] = self._test(self.levels(node))
            self.open[node] = False
            if self.known[node] is Verdict.SHORT:
                self.open &= (self.nodes > self.nodes[node]).any(axis=1)
            elif self.known[node] is Verdict.HOLDS:
                self.open &= (self.nodes < self.nodes[node]).any(axis=1)  # coarser ones hold too, and lose more
        return self.known[node]

    def bisect(self, node: int) -> int | None:
        """Find the first node on a path from `node` to the coarsest that is not short; return it where it holds."""
        path = self._path(node)
        low, high = 0, len(path) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.tested(path[middle]) is Verdict.SHORT else (low, middle)
        return path[low] if self.tested(path[low]) is Verdict.HOLDS else None

    def _path(self, node: int) -> list[int]:
        """Return a path upwards that raises, step by step, the ladder whose next level loses least."""
        path, levels = [node], list(self.levels(node))
        while steps := [i for i, losses in enumerate(self._losses) if levels[i] + 1 < len(losses)]:
            raised = min(steps, key=lambda i: (self._losses[i][levels[i] + 1] - self._losses[i][levels[i]], i))
            levels[raised] += 1
            path.append(self._place(levels))
        return path

    def _place(self, levels: Sequence[int]) -> int:
        place = 0
        for level, losses in zip(levels, self._losses, strict=True):
            place = place * len(losses) + level
        return place
