from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.canonical import canonical

CASES = [
    ("user", pa.string(), " ÀÉ ", "àé"),
    ("user", pa.string(), "ǰ", "ǰ"),  # its case folding is decomposed
    ("host", pa.string(), "WEB-1.Corp", "web-1.corp"),
    ("category", pa.string(), " Login ", "Login"),
    ("ip", pa.string(), "010.0.0.1", "010.0.0.1"),  # no address; left alone
    ("ip", pa.string(), "FE80::1%eth0", "fe80::1"),
    ("number", pa.float64(), 7.0, "7"),
    ("number", pa.float64(), -0.0, "0"),
    ("number", pa.float64(), 0.1, "0.1"),
    ("number", pa.float64(), float("inf"), "inf"),
    ("integer", pa.int64(), -(2**63), str(-(2**63))),
    ("boolean", pa.bool_(), True, "true"),
    (
        "timestamp",
        pa.timestamp("us", tz="UTC"),
        dt.datetime(1969, 12, 31, 23, 59, 59, 1, dt.UTC),
        "1969-12-31T23:59:59.000001Z",
    ),
]


@pytest.mark.parametrize(("kind", "type_", "value", "text"), CASES)
def test_values_have_one_spelling(kind: Any, type_: pa.DataType, value: Any, text: str) -> None:
    assert canonical(pa.array([value, None], type_), kind).to_pylist() == [text, None]


@given(st.lists(st.text(max_size=8), max_size=6), st.sampled_from(["user", "email", "category", "ip"]))
def test_a_canonical_text_is_its_own_and_its_neighbors_do_not_matter(values: list[str], kind: Any) -> None:
    once = canonical(pa.array(values, pa.string()), kind)
    assert canonical(once, kind).equals(once)
    assert once.to_pylist() == [canonical(pa.array([value]), kind)[0].as_py() for value in values]
