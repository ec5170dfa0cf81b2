"""What can be asked: counts, histograms and means, over values that the policy names and never the data.

A histogram has a bin for each value of `quality.rules.<column>.allowed`, one for a missing and one for any other value;
a mean lies between the bounds of `quality.rules.<column>.range`. Bins that come from the data (`discover`) are
published only where their noised count is above a threshold, which costs δ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.policy import Policy

Kind = Literal["subjects", "records", "histogram", "mean", "discover"]

MISSING, OTHER = "(missing)", "(other)"
GRID = 2**20
"""A number between its bounds is one of 2·GRID + 1 steps: whole numbers, so that the noise is exact."""


@dataclass(frozen=True)
class Query:
    """One statistic; `bins` of a histogram, `low` and `high` of a mean."""

    kind: Kind
    column: str | None = None
    bins: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0

    @property
    def name(self) -> str:
        """What it is called in the output and in the ledger."""
        return self.kind if self.column is None else f"{self.kind} {self.column}"

    def encode(self, values: pa.Array) -> pa.Array:
        """Return each record's part in the statistic: its bin, its step on the grid (null: none), or its text."""
        if self.kind == "histogram":
            return self._binned(values.cast(pa.string()))
        if self.kind == "mean":
            return self._steps(values.cast(pa.float64(), safe=False))
        return values.cast(pa.string())

    def value(self, steps: float) -> float:
        """Return the number that a place on the grid stands for, inside the bounds."""
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2
        return min(max(middle + half * steps / GRID, self.low), self.high)

    def _binned(self, texts: pa.Array) -> pa.Array:
        places = pc.index_in(texts, value_set=pa.array(self.bins[:-2], pa.string()))
        missing, other = len(self.bins) - 2, len(self.bins) - 1
        return pc.if_else(pc.is_null(texts), missing, places.fill_null(other)).cast(pa.int64())

    def _steps(self, numbers: pa.Array) -> pa.Array:
        held = numbers.to_numpy(zero_copy_only=False)  # null becomes NaN
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2
        with np.errstate(over="ignore"):
            placed = np.clip((held - middle) / half, -1.0, 1.0)
        steps = np.rint(np.where(np.isnan(placed), 0.0, placed) * GRID).astype(np.int64)
        return pa.array(steps, mask=np.isnan(held))


def histogram(policy: Policy, column: str) -> Query:
    """Return the query for a histogram over the values that the policy allows."""
    rules = policy.quality.rules.get(_known(policy, column))
    if policy.fields[column] == "boolean":
        bins: tuple[str, ...] = ("false", "true")
    elif rules is not None and rules.allowed is not None and policy.fields[column] not in {"timestamp", "number"}:
        bins = rules.allowed.values
    else:
        raise CustodyError(
            f"--histogram: {column} has no bins that the policy names; add quality.rules.{column}.allowed, "
            "or look for bins in the data with --discover and a --delta"
        )
    return Query("histogram", column, (*bins, MISSING, OTHER))


def mean(policy: Policy, column: str) -> Query:
    """Return the query for a mean between the bounds that the policy sets."""
    rules = policy.quality.rules.get(_known(policy, column))
    bounds = (rules.range.min, rules.range.max) if rules is not None and rules.range is not None else (None, None)
    low, high = bounds
    if isinstance(low, str) or isinstance(high, str) or low is None or high is None or not low < high:
        raise CustodyError(f"--mean: {column} has no bounds; set min below max in quality.rules.{column}.range")
    return Query("mean", column, low=float(low), high=float(high))


def discover(policy: Policy, column: str) -> Query:
    """Return the query for a histogram whose bins come from the data; only of a category that names nobody."""
    if policy.fields[_known(policy, column)] != "category" or policy.privacy.columns[column].role == "direct":
        raise CustodyError(f"--discover: {column} must be a category column that is no direct identifier")
    return Query("discover", column)


def distinct(queries: Sequence[Query]) -> tuple[Query, ...]:
    """Return the queries; `CustodyError` where there is none or one stands twice."""
    names = [query.name for query in queries]
    if not names or len(set(names)) != len(names):
        raise CustodyError("ask for something, each once: --subjects, --records, --histogram, --mean or --discover")
    return tuple(queries)


def _known(policy: Policy, column: str) -> str:
    if column not in policy.fields:
        raise CustodyError(f"{column}: is not a column of schema")
    if column == policy.privacy.subject:
        raise CustodyError(f"{column}: names the people; nothing is published of it but their number (--subjects)")
    return column
