from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from custody.policy.techniques import Suppress
from custody.privacy.techniques import suppress
from support import ZONE

CASES: list[tuple[list[Any], pa.DataType, Any, dict[str, Any], list[Any]]] = [
    # values, held as, type, which, what is left
    (["a", "b", None], pa.string(), "category", {"values": ("a",)}, [None, "b", None]),
    (["a", "b", None], pa.string(), "category", {}, [None, None, None]),
    (["Ann", "bob"], pa.string(), "user", {"values": ("ANN",)}, [None, "bob"]),  # as pseudonyms compare names
    (["exec-1", "xexec-1"], pa.string(), "category", {"matches": "exec-[0-9]"}, [None, "xexec-1"]),  # as a whole
    (["a", "b", "c"], pa.string(), "category", {"matches": "a", "values": ("c",)}, [None, "b", None]),
    ([7, 8, None], pa.int64(), "integer", {"values": ("7",)}, [None, 8, None]),
    ([7.0, 7.5], pa.float64(), "number", {"values": ("7",)}, [None, 7.5]),
    ([True, False], pa.bool_(), "boolean", {"values": ("true",)}, [None, False]),
    (["::ffff:192.0.2.1"], pa.string(), "ip", {"values": ("192.0.2.1",)}, [None]),
]


def left(cells: pa.Array, kind: Any, **which: Any) -> Any:
    column = Suppress(role="quasi", technique="suppress", scope="cell", **which)
    return suppress.apply(cells, column, kind, ZONE)


@pytest.mark.parametrize(("values", "held", "kind", "which", "expected"), CASES)
def test_a_cell_that_holds_the_value_is_emptied(
    values: list[Any], held: pa.DataType, kind: Any, which: dict[str, Any], expected: list[Any]
) -> None:
    done = left(pa.array(values, held), kind, **which)
    assert done.type == held
    assert done.to_pylist() == expected


def test_a_time_is_compared_as_an_instant() -> None:
    held = pa.timestamp("us", "UTC")
    times = pa.array([dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 2, tzinfo=dt.UTC)], held)
    assert left(times, "timestamp", values=("2026-01-01T01:00:00+01:00",)).is_null().to_pylist() == [True, False]


def test_a_column_is_left_out_by_default() -> None:
    assert suppress.apply(pa.array(["a"]), Suppress(role="direct", technique="suppress"), "user", ZONE) is None


@pytest.mark.parametrize("pattern", ["(a", "a(?=b)", r"(a)\1", r"\Qa", "a{2000}{2000}"])
def test_a_pattern_that_no_linear_engine_runs_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError):
        Suppress(role="quasi", technique="suppress", scope="cell", matches=pattern)


def test_a_pattern_that_invites_backtracking_takes_linear_time() -> None:
    values = pa.array(["a" * 100_000 + "b"])
    assert left(values, "text", matches="(a+)+").to_pylist() == values.to_pylist()


@given(st.lists(st.none() | st.sampled_from(["a", "b", "c"])), st.integers(0, 9))
def test_cells_are_treated_alone(values: list[str | None], cut: int) -> None:
    whole = left(pa.array(values, pa.string()), "category", values=("b",)).to_pylist()
    parts = [left(pa.array(part, pa.string()), "category", values=("b",)) for part in (values[:cut], values[cut:])]
    assert whole == [cell for part in parts for cell in part.to_pylist()]
    assert whole == [None if value == "b" else value for value in values]
