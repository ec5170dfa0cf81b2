"""How large a difference chance explains: quantiles of the chi-square distribution."""

from __future__ import annotations

from statistics import NormalDist


def chi_square(freedom: int, confidence: float) -> float:
    """Return the quantile of chi-square, by the cube-root approximation of Wilson and Hilferty (1931).

    k (1 - 2/9k + z √(2/9k))³, z the normal quantile; its relative error is below 1% from two degrees of freedom on (and
    some 5% at one), at confidence up to 0.9999.
    """
    if freedom < 1:
        return 0.0
    part = 2 / (9 * freedom)
    z = NormalDist().inv_cdf(confidence)
    return float(freedom * max(0.0, 1 - part + z * part**0.5) ** 3)
