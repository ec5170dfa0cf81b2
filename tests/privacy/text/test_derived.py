"""Parts of identifiers that name a person by themselves."""

from __future__ import annotations

import pyarrow as pa
import pytest

from custody.privacy.text import derived
from privacy.known_names import build, found

NAMES = build(
    {
        "user": ["Anna Meier", "Schulz, Otto", "CORP\\dieter", "kurt@corp.local", "session one"],
        "email": ["lena.vogt+x@corp.com"],
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call for meier today", ["meier"]),
        ("Otto said", ["Otto"]),
        ("SCHULZ", ["SCHULZ"]),
        ("dieter, kurt and lena.vogt", ["dieter", "kurt", "lena.vogt"]),
        ("lena.vogt+x", ["lena.vogt+x"]),
        ("Anna Meier", ["Anna Meier"]),
        ("meiers ottos kurt_1", []),
    ],
)
def test_a_part_is_found(text: str, expected: list[str]) -> None:
    assert [hit for _, hit in found(NAMES, [text])] == expected


def test_a_part_of_one_identifier_gets_its_token_and_one_of_several_gets_none() -> None:
    names = build({"user": ["anna meier", "anna schulz"]})
    written = dict(zip(names.names.to_pylist(), names.replacements.to_pylist(), strict=True))
    assert written["meier"] == written["anna meier"] != written["schulz"]
    assert written["anna"] == "<user>"
    assert dict(zip(names.names.to_pylist(), names.derived.tolist(), strict=True))["anna schulz"] is False


def test_a_common_word_counts_only_where_a_name_is_expected() -> None:
    texts = ["the session ended", "user=session from x", "session@corp"]
    assert found(NAMES, texts) == [(1, "session"), (2, "session")]
    assert NAMES.common.sum() == 1
    assert [hit for _, hit in found(build({"user": ["session"]}), texts[:1])] == ["session"], "a whole identifier"


def test_a_part_that_many_share_is_too_common() -> None:
    people = [f"maria {'abcdefghij'[i % 10]}{'klmnopqrst'[i // 10]}uv" for i in range(derived.MANY + 1)]
    for many, expected in ((people, []), (people[1:], ["maria"])):
        assert [hit for _, hit in found(build({"user": many}), ["dear maria"])] == expected


def test_a_part_that_is_nobody_is_allowed_and_nobody_has_no_parts() -> None:
    listed = ["support-desk", "NIGHTLY backup"]
    names = build({"email": ["support-desk@corp.com"], "user": ["nightly backup"]}, not_personal=listed)
    assert len(names.find(pa.array(["by support-desk", "nightly runs"]))) == 0
