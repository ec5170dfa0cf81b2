"""Jensen-Shannon divergence of two category counts, and how large it is by chance.

D = H(π p + (1 - π) q) - π H(p) - (1 - π) H(q) in bits (J. Lin, Divergence measures based on the Shannon entropy, IEEE
Transactions on Information Theory 37, 1991). With the samples' own sizes as weights, 2 N ln 2 · D of two samples of one
distribution is about chi-square of one degree of freedom less than there are cells: I. Grosse et al., Analysis of
symbolic sequences using the Jensen-Shannon divergence, Physical Review E 65, 2002. With equal weights D lies in [0, 1]
whatever the sizes are, and is the effect.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from custody.quality.drift.chance import chi_square

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custody.quality.drift.psi import Cells

EXPECTED: Final = 5
"""Cells in which fewer records are expected share one, since chi-square does not hold for them."""
OF_PSI: Final = 1 / (8 * math.log(2))
"""For small differences both are quadratic in them, and the divergence with equal weights is this part of the index."""


def divergence(cells: Cells, weight: float = 0.5) -> float:
    """Return the divergence in bits; 0 where either side is empty."""
    n, m = sum(cells[0]), sum(cells[1])
    if not n or not m:
        return 0.0
    p, q = [count / n for count in cells[0]], [count / m for count in cells[1]]
    middle = [weight * one + (1 - weight) * other for one, other in zip(p, q, strict=True)]
    return max(0.0, _entropy(middle) - weight * _entropy(p) - (1 - weight) * _entropy(q))


def is_chance(cells: Cells, confidence: float) -> bool:
    """True where two samples of one distribution differ as much with a probability of at least 1 - confidence."""
    n, m = sum(cells[0]), sum(cells[1])
    if not n or not m:
        return True
    statistic = 2 * (n + m) * math.log(2) * divergence(cells, n / (n + m))
    return round(statistic, 6) <= chi_square(len(cells[0]) - 1, confidence)


def pooled(before: Mapping[str, int], after: Mapping[str, int]) -> Cells:
    """Return the counts of the categories of either side; those of which few are expected share one cell."""
    n, m = sum(before.values()), sum(after.values())
    cells, rest = [], [0, 0]
    for name in sorted({*before, *after}):
        old, new = before.get(name, 0), after.get(name, 0)
        if (old + new) * min(n, m) >= EXPECTED * (n + m):
            cells.append((old, new))
        else:
            rest = [rest[0] + old, rest[1] + new]
    if any(rest):
        cells.append((rest[0], rest[1]))
    return tuple(old for old, _ in cells), tuple(new for _, new in cells)


def _entropy(shares: Sequence[float]) -> float:
    return -sum(share * math.log2(share) for share in shares if share)
