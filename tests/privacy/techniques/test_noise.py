from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.techniques import Noise
from custody.privacy.techniques import noise
from custody.privacy.techniques.given import Given
from support import STAGES, ZONE


def ids(count: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).integers(0, 2**64, (count, 2), dtype=np.uint64)


def noisy(values: Any, held: pa.DataType, rows: Any = None, column: str = "score", **how: Any) -> list[Any]:
    rows = ids(len(values)) if rows is None else rows
    treatment = Noise(**{"role": "sensitive", "technique": "noise", "bound": 0.2, "step": 0.01, **how})
    array = values if isinstance(values, pa.Array) else pa.array(values, held)
    done = noise.apply(array, treatment, "number", ZONE, Given(column, ids=rows))
    assert done.type == held
    listed: list[Any] = done.to_pylist()
    return listed


def test_moves_are_multiples_of_the_step_within_the_bound() -> None:
    found = noisy([0.5] * 5000, pa.float64())
    assert {*found} <= {float(f"{0.01 * k:.2f}") for k in range(30, 71)}  # decimals as a person writes them
    assert (min(found) < 0.34, max(found) > 0.66) == (True, True)


def test_small_moves_are_likelier_with_laplace_and_not_with_uniform() -> None:
    laplace = np.array(noisy([0] * 20_000, pa.int64(), bound=8, step=1, scale=2))
    uniform = np.array(noisy([0] * 20_000, pa.int64(), bound=8, step=1, distribution="uniform"))
    weights = {k: math.exp(-abs(k) / 2) for k in range(-8, 9)}
    for k, weight in weights.items():
        expected = weight / sum(weights.values())
        assert abs(np.mean(laplace == k) - expected) < 6 * math.sqrt(expected / 20_000)
        assert abs(np.mean(uniform == k) - 1 / 17) < 6 * math.sqrt(1 / 17 / 20_000)


def test_the_digits_below_the_step_are_gone() -> None:
    """What Mironov (2012) attacks: 0.5000123 would be told from 0.5000456 whatever the noise."""
    rows = ids(1)
    assert noisy([0.5000123], pa.float64(), rows) == noisy([0.5000456], pa.float64(), rows)


def test_rows_and_columns_get_their_own_noise_and_a_rebuild_the_same() -> None:
    usual = noisy([0.5] * 200, pa.float64())
    assert usual == noisy([0.5] * 200, pa.float64())
    assert usual != noisy([0.5] * 200, pa.float64(), column="other")
    assert usual != noisy([0.5] * 200, pa.float64(), ids(200, 1))


def test_codes_come_after_the_noise() -> None:
    found = noisy([0.02, 0.98] * 500, pa.float64(), bottom=0.0, top=1.0)
    assert (min(found), max(found)) == (0.0, 1.0)


def test_what_has_no_sound_value_is_left_empty() -> None:
    odd = [None, math.nan, math.inf, -math.inf, 1e300, -0.0]
    assert [one is None for one in noisy(odd, pa.float64())] == [True] * 5 + [False]
    far = [None, 2**63 - 1, -(2**63), 7]
    assert [one is None for one in noisy(far, pa.int64(), bound=5, step=1)] == [True, True, True, False]
    assert noisy([2**60], pa.int64(), bound=2**40, step=2**30)[0] is not None


def test_thresholds_are_ascending_and_symmetric() -> None:
    column = Noise(role="sensitive", technique="noise", bound=0.5, step=0.1)
    table = [int(one) for one in noise.thresholds(column)]
    assert len(table) == 2 * column.most == 10
    assert all(low < high for low, high in pairwise(table))
    assert all(abs(low + high - 2**64) <= 1 for low, high in zip(table, reversed(table), strict=True))


def test_it_promises_nothing_that_it_does_not_keep() -> None:
    """The mean over many records is the true one, so no text may call it differential privacy."""
    assert abs(float(np.mean(noisy([0.5] * 50_000, pa.float64()))) - 0.5) < 0.002
    for path in (*STAGES.glob("custody/privacy/techniques/*.py"), *STAGES.glob("custody/policy/t*.py")):
        assert "differential" not in path.read_text(encoding="utf-8").lower(), path.name


def test_without_row_ids_it_stops() -> None:
    column = Noise(role="sensitive", technique="noise", bound=1, step=1)
    with pytest.raises(CustodyError, match="ids of the rows"):
        noise.apply(pa.array([1]), column, "integer", ZONE, Given())


@given(st.lists(st.none() | st.integers(-(2**40), 2**40), max_size=10), st.integers(0, 10))
def test_partitions_and_order_change_nothing(values: list[int | None], cut: int) -> None:
    rows = ids(len(values))
    how: dict[str, Any] = {"bound": 3, "step": 1}
    whole = noisy(values, pa.int64(), rows, **how)
    parts = noisy(values[:cut], pa.int64(), rows[:cut], **how) + noisy(values[cut:], pa.int64(), rows[cut:], **how)
    assert whole == parts
    assert whole[::-1] == noisy(values[::-1], pa.int64(), rows[::-1], **how)
    for before, after in zip(values, whole, strict=True):
        assert (before is None) == (after is None)
        assert before is None or abs(after - before) <= 3
