"""Population-stability index of two histograms, and how large it is by chance.

PSI = Σ (q - p) ln(q / p) over cells, p and q the shares of the anchored and the present records, with half a record
added to each cell. Where both samples, of n and m records, come from one distribution, PSI is about (1/n + 1/m) times a
chi-square of one degree of freedom less than there are cells: B. Yurdakul and J. Naranjo, Statistical properties of the
population stability index, Journal of Risk Model Validation 14(4), 2020. So a fixed threshold of 0.1 is crossed by
chance alone in small samples.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from custody.quality.drift.chance import chi_square

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.quality.profile.histogram import Counts

GROUPS: Final = 10
Cells = tuple[tuple[int, ...], tuple[int, ...]]
"""Anchored and present counts of the same cells."""


def psi(cells: Cells) -> float:
    """Return the index; 0 where either side is empty."""
    before, after = shares(cells[0]), shares(cells[1])
    if not before or not after:
        return 0.0
    return sum((q - p) * math.log(q / p) for p, q in zip(before, after, strict=True))


def by_chance(cells: Cells, confidence: float) -> float:
    """Return the index that two samples of one distribution exceed with a probability of 1 - confidence."""
    n, m = sum(cells[0]), sum(cells[1])
    return (1 / n + 1 / m) * chi_square(len(cells[0]) - 1, confidence) if n and m else math.inf


def grouped(before: Counts, after: Counts) -> Cells:
    """Join neighboring buckets until each group holds a tenth of the anchored records; the last may hold less."""
    least = max(sum(before.values()) / GROUPS, 1)
    olds, news, old, new = [], [], 0, 0
    for bucket in sorted({*before, *after}):
        old, new = old + before.get(bucket, 0), new + after.get(bucket, 0)
        if old >= least:
            olds.append(old)
            news.append(new)
            old = new = 0
    if old or new:
        olds.append(old)
        news.append(new)
    return tuple(olds), tuple(news)


def shares(counts: Sequence[int]) -> list[float]:
    """Return shares with half a record added to each cell (Jeffreys), so that none is 0; nothing for no records."""
    total = sum(counts) + len(counts) / 2
    return [(count + 0.5) / total for count in counts] if sum(counts) else []
