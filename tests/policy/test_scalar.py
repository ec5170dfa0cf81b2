import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.scalar import scalar
from custody.policy.yaml import parse


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("", "''"),
        ("no", "no"),
        ("010", "'010'"),
        ("1e3", "'1e3'"),
        ("2026-11-01", "'2026-11-01'"),
        ("it's: so", "'it''s: so'"),
        ("\t", '"\\t"'),
        ("a # b", '"a # b"'),
    ],
)
def test_texts_that_yaml_reads_otherwise_are_quoted(text: str, written: str) -> None:
    assert scalar(text) == written


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_every_text_reads_back_as_itself(text: str) -> None:
    assert parse(f"key: {scalar(text)}\n".encode(), "p").values == {"key": text}
