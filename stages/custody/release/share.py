"""Shares of counts, compared as integers: 4,999,999 of 5,000,000 is less than 1 however a float is rounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

DIGITS = 10**6


def of(part: int, whole: int) -> float:
    """Return `part / whole` cut, never rounded up, to six digits; `whole` is above 0."""
    return part * DIGITS // whole / DIGITS


def reaches(part: int, whole: int, threshold: float) -> bool:
    """True where `part / whole` is exactly `threshold` or more, the threshold as the decimal that the policy writes."""
    return part >= _exact(threshold) * whole


def exceeds(part: int, whole: int, threshold: float) -> bool:
    """True where `part / whole` is more than `threshold`, exactly."""
    return part > _exact(threshold) * whole


def _exact(threshold: float) -> Fraction:
    return Fraction(Decimal(repr(threshold)))
