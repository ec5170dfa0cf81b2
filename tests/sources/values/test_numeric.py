"""Numbers are numbers; NaN, infinities, text and what does not fit are named."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.sources.values import numeric
from custody.sources.values.text import clean


def told(convert: object, *texts: object, kind: pa.DataType | None = None) -> list[tuple[object, object]]:
    column = pa.array(texts, kind or pa.string())
    done = convert(clean(column) if kind is None else column)  # type: ignore[operator]
    why = [None] * len(texts) if done.why is None else done.why.to_pylist()
    return list(zip(done.values.to_pylist(), why, strict=True))


@pytest.mark.parametrize(
    ("text", "value"),
    [(" 1e3", 1000.0), ("+5", 5.0), ("-0.25", -0.25), (".5", 0.5), ("1.", 1.0), ("007", 7.0), ("1E-2", 0.01)],
)
def test_notations_of_numbers(text: str, value: float) -> None:
    assert told(numeric.number, text) == [(value, None)]
    assert told(numeric.number, text, "x")[0] == (value, None)


@pytest.mark.parametrize("text", ["NaN", "nan", "inf", "-Infinity", "+INF", "1e999", "-1e999", "1.#QNAN"])
def test_what_is_not_finite_is_caught(text: str) -> None:
    assert told(numeric.number, text, "1", "x")[0] == (None, "not_finite")
    assert told(numeric.number, text)[0] == (None, "not_finite")


@pytest.mark.parametrize(
    "text", ["1,5", "0x10", "1_000", "abc", "-", "1e", "--5", "1 000", "nan(7)", "٣", "1.2.3", "$5", "."]
)
def test_text_is_no_number(text: str) -> None:
    assert told(numeric.number, text) == [(None, "not_a_number")]
    assert told(numeric.integer, text)[0][0] is None


def test_negative_zero_is_zero() -> None:
    ((value, _),) = told(numeric.number, "-0.0")
    assert math.copysign(1, value) == 1.0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5.0", 5),
        ("5e2", 500),
        ("+7", 7),
        ("-007", -7),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
    ],
)
def test_whole_numbers_in_any_notation_are_integers(text: str, value: int) -> None:
    assert told(numeric.integer, text) == [(value, None)]


@pytest.mark.parametrize(
    "text", ["5.5", "9223372036854775808", "1e30", "1e999999999", "0x1F", "abc", "1e-3", "9" * 5000]
)
def test_what_is_whole_in_no_64_bits_is_no_integer(text: str) -> None:
    assert told(numeric.integer, text, "1") == [(None, "not_an_integer"), (1, None)]


def test_nan_in_an_integer_column_is_not_finite() -> None:
    assert told(numeric.integer, "NaN", "-inf", None) == [(None, "not_finite"), (None, "not_finite"), (None, None)]


def test_booleans_in_any_case_and_nothing_else() -> None:
    assert [value for value, _ in told(numeric.boolean, "True", "T", "YES", "y", "1")] == [True] * 5
    assert [value for value, _ in told(numeric.boolean, "false", "F", "No", "n", "0")] == [False] * 5
    assert told(numeric.boolean, "2", "on", None, "1.0") == [
        (None, "not_a_boolean"), (None, "not_a_boolean"), (None, None), (None, "not_a_boolean")
    ]  # fmt: skip


def test_parquets_own_types_are_taken_as_they_are() -> None:
    nan, inf = float("nan"), float("inf")
    assert told(numeric.number, 1.5, nan, None, inf, kind=pa.float32()) == [
        (1.5, None), (None, "not_finite"), (None, None), (None, "not_finite")
    ]  # fmt: skip
    assert told(numeric.number, 3, None, kind=pa.uint8()) == [(3.0, None), (None, None)]
    assert told(numeric.integer, 5.0, 5.5, nan, 1e300, None, kind=pa.float64()) == [
        (5, None), (None, "not_an_integer"), (None, "not_finite"), (None, "not_an_integer"), (None, None)
    ]  # fmt: skip
    assert told(numeric.integer, 2**64 - 1, 7, None, kind=pa.uint64()) == [
        (None, "not_an_integer"), (7, None), (None, None)
    ]  # fmt: skip
    assert told(numeric.boolean, *[True, None], kind=pa.bool_()) == [(True, None), (None, None)]


ROUGH = st.one_of(
    st.none(),
    st.floats().map(repr),
    st.integers().map(str),
    st.text("0123456789.eE+-xnaif_, ", max_size=8),
    st.sampled_from(["NaN", "inf", "5.0", "0x1f", "nan(1)", "\u0661"]),
)


@given(st.lists(ROUGH, max_size=8))
def test_what_a_row_becomes_does_not_depend_on_its_neighbors(texts: list[str | None]) -> None:
    for convert in (numeric.number, numeric.integer, numeric.boolean):
        assert told(convert, *texts) == [told(convert, text)[0] for text in texts]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_survives_its_text(value: float) -> None:
    assert told(numeric.number, repr(value)) == [(value, None)]
