"""Shares of counts, compared as integers: 4,999,999 of 5,000,000 is less than 1 however a float is rounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

DIGITS = 10**6


def of(part: int, whole: int) -> float:
    """Return `part / whole` cut, never rounded up, to six digits; `whole` is above 0."""
    return part * DIGITS // whole / DIGITS


def may_reach(part: int, whole: int, threshold: float, confidence: float) -> bool:
    """True where the upper Wilson bound of `part / whole`, one-sided at `confidence`, is `threshold` or more.

    The bound is the largest share p that the score test does not reject, so p is compared where it stands: held where
    n p - k <= 0, or (n p - k)² <= z² n p (1 - p), z the normal quantile of `confidence` to six digits; all else exact.
    Where no record holds, no share but 0 is reached, however few records there are.
    E. B. Wilson: Probable inference, the law of succession, and statistical inference. JASA 22 (1927), 209-212.
    """
    least = _exact(threshold)
    if not part and least:
        return False
    short = least * whole - part
    z = Fraction(round(NormalDist().inv_cdf(confidence) * DIGITS), DIGITS)
    return short <= 0 or short**2 <= z**2 * whole * least * (1 - least)


def exceeds(part: int, whole: int, threshold: float) -> bool:
    """True where `part / whole` is more than `threshold`, exactly."""
    return part > _exact(threshold) * whole


def _exact(threshold: float) -> Fraction:
    return Fraction(Decimal(repr(threshold)))
