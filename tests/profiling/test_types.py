"""The type of a column from its values, as collect would convert them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from custody.profiling.types import time_form, typed
from custody.sources.values.times import Clock

ISO = Clock("iso", "UTC", None, "format")


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("x", ["2026-10-01T10:00:00Z", "2026-10-02 11:00:00"], "timestamp"),
        ("x", ["192.0.2.1", "2001:db8::1"], "ip"),
        ("x", ["00:11:22:33:44:55", "0011.2233.4455"], "mac"),
        ("x", ["a@b.example", "c@d.example"], "email"),
        ("x", ["true", "no", "Y"], "boolean"),
        ("x", ["0", "1", "1"], "integer"),
        ("x", ["1", "2.5"], "number"),
        ("x", ["https://a.example/x", "http://b.example"], "url"),
        ("note", ["a b c d", "some other words here"], "text"),
        ("user", ["ada", "bob"], "user"),
        ("actor.firstName", ["ada", "bob"], "user"),
        ("hostname", ["a1", "b2"], "host"),
        ("x", ["red", "blue"] * 30, "category"),
        ("x", [None, None], "text"),
        ("x", ["1", "2", "three"], "category"),
        ("x", [*["7"] * 99, "seven"], "integer"),
    ],
)
def test_types(name: str, values: list[str | None], kind: str) -> None:
    assert typed(name, pa.array(values, pa.string()), ISO).kind == kind


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2026-10-01T10:00:00Z"], "iso"),
        (["1700000000", "1700000001.5"], "epoch_s"),
        (["1700000000000"], "epoch_ms"),
        (["31/12/2025 10:00:00"], "%d/%m/%Y %H:%M:%S"),
        (["12/31/2025 10:00:00"], "%m/%d/%Y %H:%M:%S"),
        (["yesterday"], None),
        ([None], None),
    ],
)
def test_the_form_of_times(values: list[str | None], form: str | None) -> None:
    assert time_form({"event.time": pa.array(values, pa.string())}) == form


def test_numbers_are_times_only_in_a_column_called_one() -> None:
    clock = Clock("epoch_s", "UTC", None, "format")
    texts = pa.array(["1700000000", "1700000001"])
    assert typed("ts", texts, clock).kind == "timestamp"
    assert typed("bytes", texts, clock).kind == "integer"
