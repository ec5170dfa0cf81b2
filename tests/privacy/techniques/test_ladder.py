"""Every step of a ladder can be done, brings values together, and never takes them apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from custody.policy.hierarchies import Hierarchy
from custody.policy.techniques import AnyColumn
from custody.privacy.techniques import ladder, registry
from custody.privacy.techniques.given import Given
from support import ZONE

COLUMN: TypeAdapter[AnyColumn] = TypeAdapter(AnyColumn)
TEAM = {"team": Hierarchy(levels=({"ab": ("a", "b"), "c": ("c",)}, {"abc": ("ab", "c")}))}
TIMES = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2027, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001  # UTC
ADDRESSES = st.ip_addresses(v=4, network="10.0.0.0/14").map(str) | st.ip_addresses(v=6).map(str)

CASES: list[tuple[dict[str, Any], str, st.SearchStrategy[Any], pa.DataType, list[str]]] = [
    # treatment, type, values, held as, what changes from step to step
    ({"technique": "round_time", "to": "1h"}, "timestamp", TIMES, pa.timestamp("us", "UTC"), ["1h", "6h", "1d", "7d"]),
    ({"technique": "round_time", "to": "1M"}, "timestamp", TIMES, pa.timestamp("us", "UTC"), ["1M", "1Y"]),
    (
        {"technique": "shift_time", "domain": "d", "within": 30},
        "timestamp",
        TIMES,
        pa.timestamp("us", "UTC"),
        ["None", "1min", "5min"],
    ),
    ({"technique": "keep"}, "timestamp", TIMES, pa.timestamp("us", "UTC"), ["keep", "1min", "5min"]),
    ({"technique": "ip_truncate"}, "ip", ADDRESSES, pa.string(), ["24/48", "16/32", "8/16"]),
    ({"technique": "ip_truncate", "v4": 29, "v6": 20}, "ip", ADDRESSES, pa.string(), ["29/20", "24/16", "16/0"]),
    ({"technique": "keep"}, "ip", ADDRESSES, pa.string(), ["keep", "24/48", "16/32"]),
    ({"technique": "generalize", "hierarchy": "ip"}, "ip", ADDRESSES, pa.string(), ["1", "2", "3"]),
    (
        {"technique": "generalize", "hierarchy": "team"},
        "category",
        st.sampled_from(["a", "b", "c", "d"]),
        pa.string(),
        ["1", "2"],
    ),
    (
        {"technique": "generalize", "bins": (0.0, 1.0, 5.0, 20.0, 100.0)},
        "number",
        st.floats(-10, 200),
        pa.float64(),
        ["0 1 5 20 100", "1 20", "20"],
    ),
    ({"technique": "generalize", "prefix": 3}, "category", st.text("ab", max_size=5), pa.string(), ["3", "2", "1"]),
    ({"technique": "keep"}, "category", st.sampled_from(["a", "b"]), pa.string(), ["keep"]),
]
IDS = [f"{case[0]['technique']}-{case[1]}-{case[4][0]}" for case in CASES]


def named(step: AnyColumn) -> str:
    if step.technique in {"round_time", "shift_time"}:
        return str(step.to)
    if step.technique == "ip_truncate":
        return f"{step.v4}/{step.v6}"
    if step.technique == "generalize" and step.bins:
        return " ".join(f"{edge:g}" for edge in step.bins)
    if step.technique == "generalize":
        return str(step.level if step.hierarchy else step.prefix)
    return step.technique


def climbed(treatment: dict[str, Any], kind: Any) -> tuple[AnyColumn, ...]:
    return ladder.steps(COLUMN.validate_python({"role": "quasi", **treatment}), kind, TEAM)


@pytest.mark.parametrize(("treatment", "kind", "values", "held", "names"), CASES, ids=IDS)
def test_the_first_step_is_the_policys_and_the_last_leaves_no_value(
    treatment: dict[str, Any], kind: str, values: Any, held: pa.DataType, names: list[str]
) -> None:
    del values
    found = climbed(treatment, kind)
    assert [named(step) for step in found][: len(names)] == names
    assert {step.role for step in found} == {"quasi"}
    assert len(set(found)) == len(found)
    last = registry.transform(pa.nulls(3, held), found[-1], kind, ZONE).values  # type: ignore[arg-type]
    assert last is not None
    assert last.null_count == 3


@pytest.mark.parametrize(("treatment", "kind", "values", "held", "names"), CASES, ids=IDS)
@given(data=st.data())
def test_what_one_step_brings_together_stays_together(
    treatment: dict[str, Any], kind: str, values: Any, held: pa.DataType, names: list[str], data: st.DataObject
) -> None:
    del names
    drawn = pa.array(data.draw(st.lists(st.none() | values, min_size=2, max_size=12)), held)
    together: set[tuple[int, int]] = set()
    given_ = Given("column", subjects=pa.array([["a", "b"][i % 2] for i in range(len(drawn))]), hierarchies=TEAM)
    for step in climbed(treatment, kind):
        written = registry.transform(drawn, step, kind, ZONE, given=given_).values  # type: ignore[arg-type]
        assert written is not None
        cells = written.cast(pa.int64()).to_pylist() if kind == "timestamp" else written.to_pylist()
        pairs = {(i, j) for i in range(len(cells)) for j in range(i) if cells[i] == cells[j]}
        assert pairs >= together
        together = pairs


def test_a_column_that_leaves_no_value_has_no_other_step() -> None:
    assert len(climbed({"technique": "suppress", "scope": "cell"}, "category")) == 1
    assert len(climbed({"technique": "suppress"}, "category")) == 1
