"""Confidence intervals at 95%: what the gate compares is the upper bound.

A proportion has the Wilson score interval (Wilson 1927); the excess of an attack over its control has the interval of
Giomi, Boenisch, Wehmeyer and Tasnádi 2023 ("A unified framework for quantifying privacy risk in synthetic data"), by
propagation of both errors. What is counted over all people rather than drawn is exact: both bounds are the figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959963984540054
"""The normal quantile of 97.5%."""
DIGITS = 10**6


@dataclass(frozen=True)
class Rate:
    """A share of subjects: its value and both bounds, six digits, bounds rounded outwards."""

    value: float
    low: float
    high: float
    trials: int
    """Draws or subjects that it was taken over."""
    exact: bool
    """True where all possible draws were counted."""


@dataclass(frozen=True)
class Excess:
    """How far an attack succeeds beyond its control, of what the control leaves: `(main - control) / (1 - control)`."""

    main: Rate
    control: Rate
    value: float
    low: float
    high: float


def wilson(successes: int, trials: int) -> Rate:
    """Return the rate with its Wilson score interval; without a trial anything from 0 to 1 is possible."""
    if not trials:
        return Rate(0.0, 0.0, 1.0, 0, exact=False)
    center, half = _wilson(successes, trials)
    low = 0.0 if not successes else down(center - half)
    high = 1.0 if successes == trials else up(center + half)
    return Rate(round(successes / trials, 6), low, high, trials, exact=False)


def excess(main: tuple[int, int], control: tuple[int, int]) -> Excess:
    """Return the excess of an attack, each side given as successes and trials; never below 0, never above 1."""
    sides = wilson(*main), wilson(*control)
    if not main[1] or not control[1]:
        return Excess(*sides, 0.0, 0.0, 1.0)
    (first, first_half), (second, second_half) = _wilson(*main), _wilson(*control)
    left = 1 - second  # a Wilson center is below 1
    value = (first - second) / left
    half = math.sqrt((first_half / left) ** 2 + ((1 - first) / left**2 * second_half) ** 2)
    plain = (main[0] * control[1] - control[0] * main[1]) / (main[1] * max(control[1] - control[0], 1))
    return Excess(*sides, round(_within(plain), 6), down(value - half), up(value + half))


def up(value: float) -> float:
    """Return a share rounded up to six digits, from 0 to 1; the last bits of a float do not count."""
    return _within(math.ceil(round(value * DIGITS, 3)) / DIGITS)


def down(value: float) -> float:
    """Return a share rounded down to six digits, from 0 to 1."""
    return _within(math.floor(round(value * DIGITS, 3)) / DIGITS)


def _wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return center and half width."""
    share, spread = successes / trials, Z**2 / trials
    center = (share + spread / 2) / (1 + spread)
    return center, Z / (1 + spread) * math.sqrt(share * (1 - share) / trials + spread / (4 * trials))


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
