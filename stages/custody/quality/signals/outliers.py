"""Numbers far from the median, by the modified z-score of Iglewicz and Hoaglin.

0.6745 |x - median| / MAD, MAD the median absolute deviation; where more than half of the values are equal and MAD is
0, the mean absolute deviation times 1.253314 stands in its place (B. Iglewicz and D. Hoaglin, How to Detect and
Handle Outliers, 1993). A column that is heavy-tailed is measured on a log scale. All of it is worked out on log-
linear buckets, so that parts add up and no value is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from custody.quality.audit.bins import NUMERIC
from custody.quality.cells import Cells, fixed
from custody.quality.profile.histogram import ZERO, buckets, low
from custody.quality.signals.finding import Finding, Severity, rounded
from custody.quality.signals.seen import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from custody.policy.signals import Outliers
    from custody.quality.bits import Mask
    from custody.quality.profile.histogram import Counts
    from custody.quality.signals.seen import Seen

HEAVY: Final = 5.0
"""Where the upper or lower twentieth reaches so much further from the median than the other, the tail is heavy."""
BY_MEDIAN: Final = 0.6745
BY_MEAN: Final = 1.253314
Weighted = list[tuple[float, int]]
"""Values in ascending order, each with its count."""


def look(seen: Seen, words: Outliers) -> Outcome:
    """Find numeric features with too large a share of outliers among their values."""
    if not seen.records:
        return Outcome(reason="no_records")
    found, which = [], []
    for name in seen.watch.features:
        profile = seen.profiles.get(name)
        if profile is None or seen.watch.kinds[name] not in NUMERIC:
            continue
        far, logarithmic = outlying(profile.shape, words.deviations)
        count, of = sum(profile.shape[one] for one in far), sum(profile.shape.values())
        if count > words.max_share * of:
            figures = {"share": rounded(count / of), "log_scale": int(logarithmic)}
            severity: Severity = "medium" if count * 100 > of else "low"
            what = "values of this feature lie far outside the others"
            found.append(Finding("outliers", name, count, of, severity, words.action, what, figures))
            which.append(Beyond(name, frozenset(far)))
    return Outcome(tuple(found), which=tuple(which))


@dataclass(frozen=True)
class Beyond:
    """Records whose number in a column lies in one of these buckets."""

    column: str
    buckets: frozenset[int]

    def mask(self, table: pa.Table) -> Mask:
        """True for these records."""
        cells = Cells.of(table, self.column)
        return np.isin(buckets(fixed(cells.values).astype(np.float64)), sorted(self.buckets)) & cells.right


def outlying(shape: Counts, deviations: float) -> tuple[list[int], bool]:
    """Return the buckets that lie beyond `deviations`, and whether a log scale was used."""
    values = [(low(bucket), count) for bucket, count in sorted(shape.items())]
    if not values:
        return [], False
    logarithmic = _heavy(values)
    if logarithmic:  # eight buckets to each doubling: their numbers are a log scale, symmetric around 0
        values = [(float(bucket - ZERO), count) for bucket, count in sorted(shape.items())]
    middle = _quantile(values, 0.5)
    apart = sorted((abs(value - middle), count) for value, count in values)
    scale = _quantile(apart, 0.5) / BY_MEDIAN
    if not scale:
        scale = BY_MEAN * sum(gap * count for gap, count in apart) / sum(count for _, count in apart)
    far = rounded(deviations * scale)
    beyond = [rounded(abs(value - middle)) > far for value, _ in values]
    return [bucket for bucket, out in zip(sorted(shape), beyond, strict=True) if out], logarithmic


def _heavy(values: Weighted) -> bool:
    bottom, middle, top = (_quantile(values, share) for share in (0.05, 0.5, 0.95))
    short, long = sorted((middle - bottom, top - middle))
    return long > HEAVY * short


def _quantile(values: Sequence[tuple[float, int]], share: float) -> float:
    wanted, below = share * sum(count for _, count in values), 0
    for value, count in values:
        below += count
        if below >= wanted:
            return value
    return values[-1][0]
