"""Names of columns, theirs and ours."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.forms import FIELD
from custody.profiling.names import TAKEN, ours, words


@given(st.lists(st.text(max_size=80), unique=True, max_size=10))
def test_every_field_gets_a_name_of_its_own(fields: list[str]) -> None:
    found = ours(fields)
    assert list(found) == fields
    assert len(set(found.values())) == len(fields)
    assert all(re.fullmatch(FIELD.strip("^$"), name) and name not in TAKEN for name in found.values())


@pytest.mark.parametrize(
    ("theirs", "name"),
    [("id.orig_h", "id_orig_h"), ("isMalicious", "is_malicious"), ("2fa", "c_2fa"), ("User Name", "user_name")],
)
def test_names_stay_readable(theirs: str, name: str) -> None:
    assert ours([theirs]) == {theirs: name}


def test_a_taken_name_is_left() -> None:
    assert ours(["user", "User", "row_id"], ["user"]) == {"user": "user_2", "User": "user_3", "row_id": "row_id_2"}


@pytest.mark.parametrize("name", ["actor.firstName", "first_name", "FIRST-NAME", "firstname1"])
def test_words_of_a_name(name: str) -> None:
    assert "firstname" in words(name)
