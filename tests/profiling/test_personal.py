"""Roles: what cannot be told from a name is taken for one."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from custody.profiling.measures import measures
from custody.profiling.personal import Guess, role
from custody.profiling.types import typed


def _guess(name: str, values: list[Any]) -> Guess:
    texts = pa.array([None if one is None else str(one) for one in values], pa.string())
    return role(name, typed(name, texts, None), measures(texts), external=False)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("proto", ["tcp", "udp"] * 30, ("insensitive", "keep")),
        ("verdict", ["benign", "malicious"] * 30, ("label", "keep")),
        ("attack", ["neptune", "smurf"] * 30, ("label", "keep")),
        ("color", ["alice", "bob"] * 30, ("insensitive", "mac")),
        ("uid", [f"C{i}x" for i in range(40)], ("direct", "mac")),
        ("phone", [f"49{i:08d}" for i in range(40)], ("direct", "mac")),
        ("account_no", [10_000_000 + 7 * i for i in range(40)], ("direct", "mac")),
        ("serial", [90_000_000 + i for i in range(40)], ("direct", "mac")),
        ("salary", list(range(1000, 1040)), ("quasi", "generalize")),
        ("salary", [1000, 2000], ("quasi", "suppress")),
        ("bytes", [i % 7 for i in range(40)], ("insensitive", "keep")),
        ("flag", ["true", "false"] * 20, ("insensitive", "keep")),
        ("mystery", [3, 4], ("insensitive", "suppress")),
        ("department", ["sales", "legal"] * 30, ("quasi", "mac")),
        ("empty", [None], ("insensitive", "redact_text")),
    ],
)
def test_role_and_technique(name: str, values: list[Any], expected: tuple[str, str]) -> None:
    found = _guess(name, values)
    assert (found.role, found.technique) == expected
    assert found.reason


def test_values_are_listed_only_from_the_vocabulary() -> None:
    assert _guess("proto", ["tcp", "udp"] * 30).listed == ("tcp", "udp")
    assert _guess("color", ["tcp", "alice"] * 30).listed == ()
    assert _guess("attack", ["neptune", "smurf"] * 30).listed == ()
