"""Bounds on a share that was counted on n records (Wilson, 1927)."""

from __future__ import annotations

import math
from statistics import NormalDist


def interval(count: int, of: int, confidence: float = 0.999) -> tuple[float, float]:
    """Return the two-sided score interval of `count / of`; all of [0, 1] where nothing was counted.

    With z the normal quantile of (1 + confidence) / 2 and p = count / of: (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 +
    z²/n). Wilson, E. B. (1927): Probable inference, the law of succession, and statistical inference. JASA 22.
    """
    if not of:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, square = count / of, z * z / of
    middle, half = share + square / 2, z * math.sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))
