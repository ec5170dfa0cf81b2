from __future__ import annotations

from typing import Any, get_args

import pyarrow as pa
import pytest
from pydantic import TypeAdapter

from custody.errors import CustodyError
from custody.policy.techniques import AnyColumn, Keep, RedactText, Suppress
from custody.privacy.techniques import keep
from custody.privacy.techniques import registry as techniques
from custody.privacy.text import known
from support import ZONE

COLUMN: TypeAdapter[Any] = TypeAdapter(AnyColumn)


def test_every_technique_of_the_policy_is_registered() -> None:
    models = get_args(get_args(AnyColumn)[0])
    named = {get_args(model.model_fields["technique"].annotation)[0] for model in models}
    assert named == {*techniques.PLAIN, *techniques.GIVEN, "redact_text"}
    assert named > techniques.TOKENS | techniques.BY_RECORD


@pytest.mark.parametrize(
    ("technique", "values", "kind"),
    [
        ({"technique": "keep"}, ["a", None], "category"),
        ({"technique": "mask"}, ["a", None], "user"),
        ({"technique": "mac", "domain": "d"}, ["a", None], "user"),
        ({"technique": "encrypt_deterministic", "domain": "d"}, ["a", None], "user"),
        ({"technique": "generalize", "prefix": 1}, ["a", None], "text"),
        ({"technique": "ip_prefix", "domain": "d"}, ["10.0.0.1", None], "ip"),
        ({"technique": "ip_truncate"}, ["10.0.0.1", None], "ip"),
        ({"technique": "redact_text"}, ["a", None], "text"),
    ],
)
def test_each_gives_one_value_per_value_and_null_for_null(
    technique: dict[str, Any], values: list[Any], kind: Any
) -> None:
    column = COLUMN.validate_python({"role": "insensitive", **technique})
    empty = known.build([], {}, ZONE)
    for length in (0, 1, 2):
        written = techniques.transform(pa.array(values[:length], pa.string()), column, kind, ZONE, empty).values
        assert written is not None
        assert written.is_null().to_pylist() == [value is None for value in values[:length]]


def test_a_suppressed_column_is_left_out() -> None:
    column = Suppress(role="direct", technique="suppress")
    for values in (pa.array(["alice"]), pa.array(["alice"]).dictionary_encode()):
        assert techniques.transform(values, column, "user", ZONE).values is None


def test_a_kept_column_is_as_it_was() -> None:
    values = pa.array([1.5, None])
    assert keep.apply(values, Keep(role="label", technique="keep"), "number", ZONE).equals(values)


def test_text_is_not_redacted_without_knowing_whom_to_look_for() -> None:
    with pytest.raises(CustodyError, match="known identifiers"):
        techniques.transform(pa.array(["x"]), RedactText(role="insensitive", technique="redact_text"), "text", ZONE)
