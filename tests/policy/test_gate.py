"""What `gate` says about other sections."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custody.policy.policy import check
from release import example


def _mistakes(**gate: Any) -> list[str]:
    values = {**example.VALUES, "gate": {**example.VALUES["gate"], **gate}}
    return [line.split(": ", 1)[1] for line in check(json.dumps(values).encode())[1]]


def test_a_license_column_that_is_kept_will_do() -> None:
    assert _mistakes(license_column="terms", distinct_ok=["event"], max_malformed=0.01) == []


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ({"license_column": "nothing"}, "gate.license_column: nothing is not a column of schema"),
        (
            {"license_column": "user"},
            "gate.license_column: user must have the technique keep, since the gate reads it in the release",
        ),
        ({"distinct_ok": ["event", "nothing"]}, "gate.distinct_ok.1: nothing is not a column of schema"),
    ],
)
def test_a_column_that_cannot_serve_is_a_mistake(gate: dict[str, Any], said: str) -> None:
    assert _mistakes(**gate) == [said]


def test_a_share_of_malformed_records_above_one_is_a_mistake() -> None:
    assert _mistakes(max_malformed=1.5) != []
