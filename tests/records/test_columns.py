"""Columns that collect adds have names that no column of a policy can have."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from custody.policy.model import Id
from custody.policy.schema import FieldType
from custody.records import columns

LINEAGE = (columns.SOURCE, columns.FILE, columns.LINE, columns.REPEAT)


def test_types_with_companions_are_types_of_the_schema() -> None:
    assert set(get_args(FieldType)) - columns.COMPANIONS == {"user", "host", "url", "category", "text"}
    assert set(get_args(FieldType)) > columns.COMPANIONS


def test_no_two_columns_share_a_name() -> None:
    names = [*LINEAGE, *(name(column) for name in (columns.raw, columns.why) for column in ("a", "b"))]
    assert len({*names, "a", "b"}) == len(names) + 2


@pytest.mark.parametrize("name", [*LINEAGE, columns.raw("user"), columns.why("user")])
def test_no_name_of_a_policy_is_one_of_ours(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Id).validate_python(name)
