"""Noise: every figure leaves through a measurement of OpenDP, whose own privacy map tells what it costs.

Inputs are whole numbers, so the noise is the discrete Laplace of Ghosh, Roughgarden and Sundararajan (2009), sampled
exactly; no floating-point value carries any of it. The distance between neighbouring data sets is `records` rows added
or removed (symmetric distance), for `subjects` one. Costs add up (basic composition: Dwork and Roth 2014, theorem 3.16;
several statistics over the same people). A mean is a noised sum over a noised count, each with half of the query's ε.
Bins that are found in the data leave only above a threshold (`make_laplace_threshold`), which costs δ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.statistics.bounding import SUBJECT
from custody.statistics.queries import GRID, Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

DIGITS = 6
_LEVEL = 0.05
_UP = 1 + 1e-12
"""What a scale is rounded up by, so that it never costs more than was given."""
_HIGHEST = 2**30
"""Records; a threshold beyond it would publish nothing."""


@dataclass(frozen=True)
class Figure:
    """One published statistic; `within` is how far 95 of 100 noised values are from the true one, each by itself."""

    name: str
    values: dict[str, int] | int | float
    within: float
    epsilon: float
    delta: float = 0.0
    scale: float = field(default=0.0)
    """Scale of the Laplace noise, in records (of a mean: of its sum, in steps of the grid)."""


def measure(table: pa.Table, queries: tuple[Query, ...], records: int, epsilon: float, delta: float) -> list[Figure]:
    """Return every statistic with its noise; `epsilon` and `delta` are shared out evenly among those that spend them.

    `table` is what `bounded` returned for the same queries and `records`.
    """
    each = epsilon / len(queries)
    finding = sum(query.kind == "discover" for query in queries)
    return [_figure(table, query, records, each, delta / finding if finding else 0.0) for query in queries]


def _figure(table: pa.Table, query: Query, records: int, epsilon: float, delta: float) -> Figure:
    if query.kind == "subjects":
        people = np.zeros(len(pc.unique(table.column(SUBJECT))), dtype=np.int64)
        return _count(query.name, people, 1, epsilon)
    if query.kind == "records":
        return _count(query.name, np.zeros(len(table), dtype=np.int64), records, epsilon)
    column = table.column(query.name).drop_null()
    if query.kind == "histogram":
        return _histogram(query, column.to_numpy(), records, epsilon)
    if query.kind == "mean":
        return _mean(query, column.to_numpy(), records, epsilon)
    return _discovered(query, column.to_pylist(), records, epsilon, delta)


def _count(name: str, rows: NDArray[np.int64], distance: int, epsilon: float) -> Figure:
    dp = _opendp()
    value, scale, spent = _noised(rows, lambda space: space >> dp.t.then_count(), distance, epsilon)
    return Figure(name, int(value), _within(scale), spent, scale=scale)


def _histogram(query: Query, bins: NDArray[np.int64], distance: int, epsilon: float) -> Figure:
    dp = _opendp()
    places = list(range(len(query.bins)))
    values, scale, spent = _noised(
        bins,
        lambda space: space >> dp.t.then_count_by_categories(categories=places, null_category=False),
        distance,
        epsilon,
    )
    return Figure(query.name, dict(zip(query.bins, map(int, values), strict=True)), _within(scale), spent, scale=scale)


def _mean(query: Query, steps: NDArray[np.int64], distance: int, epsilon: float) -> Figure:
    dp = _opendp()
    total, scale, first = _noised(
        steps, lambda space: space >> dp.t.then_clamp((-GRID, GRID)) >> dp.t.then_sum(), distance, epsilon / 2
    )
    count, counted, second = _noised(steps, lambda space: space >> dp.t.then_count(), distance, epsilon / 2)
    people = max(int(count), 1)
    value = query.value(int(total) / people)
    half = (query.high - query.low) / 2
    # Each part by itself is within its bound 97.5 times of 100, so both are 95 times (union bound).
    off = (_within(scale, _LEVEL / 2) / GRID + _within(counted, _LEVEL / 2)) * half / people
    within = min(off, query.high - query.low)
    return Figure(query.name, round(value, DIGITS), round(within, DIGITS), first + second, scale=scale)


def _discovered(query: Query, texts: list[str], distance: int, epsilon: float, delta: float) -> Figure:
    dp = _opendp()
    space = (dp.vector_domain(dp.atom_domain(T="String")), dp.symmetric_distance())
    scale = distance / epsilon * _UP

    def measurement(threshold: int) -> Any:
        return space >> dp.t.then_count_by() >> dp.m.then_laplace_threshold(scale=scale, threshold=threshold)

    try:
        threshold = dp.binary_search(
            lambda one: measurement(one).map(distance)[1] <= delta, bounds=(distance, _HIGHEST), T=int
        )
    except Exception:  # noqa: BLE001  # OpenDP's own text could say anything
        raise CustodyError("--delta: is too small for --discover here; give more of it, or ask for less") from None
    chosen = measurement(threshold)
    spent, risk = chosen.map(distance)
    values = {text: int(count) for text, count in sorted(chosen(texts).items())}
    return Figure(query.name, values, _within(scale), spent, risk, scale=scale)


def _noised(
    rows: NDArray[np.int64], transformation: Callable[[Any], Any], distance: int, epsilon: float
) -> tuple[Any, float, float]:
    """Return the noised value, the scale of its noise, and what it costs: never more than `epsilon`."""
    dp = _opendp()
    space = (dp.vector_domain(dp.atom_domain(T="i64")), dp.symmetric_distance())
    chain = transformation(space)
    scale = chain.map(distance) / epsilon * _UP
    chosen = chain >> dp.m.then_laplace(scale)
    return chosen(np.array(rows)), scale, float(chosen.map(distance))


def _within(scale: float, level: float = _LEVEL) -> float:
    """Bound that Laplace noise of this scale exceeds with probability `level`."""
    return round(scale * math.log(1 / level), DIGITS)


def _opendp() -> Any:
    try:
        import opendp.prelude as dp  # noqa: PLC0415  # an extra: custody[stats]
    except ImportError:
        raise CustodyError("OpenDP is not installed here; install it: pip install 'custody[stats]'") from None
    dp.enable_features("contrib")
    return dp
