"""A statement read as plain values: what the models take, they alone, and to the same effect."""

from __future__ import annotations

import json
from typing import Any

import pytest

from altering import ODD, altered, at, places
from custody.engine import serial
from custody.errors import RefusedError
from custody.release import deciding, stated, statement
from release import example
from support import ZONE


@pytest.fixture(scope="module", params=["released", "refused"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The JSON of a release, and of a refusal."""
    place = tmp_path_factory.mktemp("stated")
    folder = place / "released"
    if request.param == "released":
        folder = example.made_here(place)
    else:
        policy = example.policy(gate={"min_rows": 1000})
        deciding.record(example.build(place), folder, policy, ZONE, serial.run, example.CODE)
    value: dict[str, Any] = json.loads((folder / "statement.json").read_bytes())
    return value


def _verdict(read: Any, value: dict[str, Any]) -> str:
    try:
        read(value, "x")
    except RefusedError as refused:
        return str(refused)
    return ""


def test_whatever_is_altered_is_refused_by_both_in_the_same_words(told: dict[str, Any]) -> None:
    taken = 0
    for path in places(told)[1:]:
        for odd in ODD:
            changed = altered(told, path, odd)
            said = _verdict(stated.parse, changed)
            assert said == _verdict(statement.parse, changed), (path, odd)
            taken += not said
    assert taken > 0


@pytest.mark.parametrize("key", ["note", "version", "é", "\ud800", ""])
def test_a_key_too_many_is_refused_by_both(told: dict[str, Any], key: str) -> None:
    for path in places(told):
        if isinstance(at(told, path), dict):
            changed = altered(told, (*path, key), "custody/statement/v1")
            assert _verdict(stated.parse, changed) == _verdict(statement.parse, changed), path


def test_both_tell_the_same(told: dict[str, Any]) -> None:
    plain, model = stated.parse(told, "x"), statement.parse(told, "x")
    assert (plain.decision, plain.released) == (model.decision, model.released)
    assert [tuple(one) for one in plain.files] == [(one.name, one.sha256, one.rows) for one in model.files]
    assert {name: one._asdict() for name, one in plain.columns.items()} == {
        name: one.model_dump() for name, one in model.columns.items()
    }
    assert (plain.key, plain.signatures) == (model.key.model_dump(), model.signatures)
    assert plain.sources == {name: one.model_dump(mode="json") for name, one in model.sources.items()}
    assert {name: plain.read(name) for name in plain.sources} == {
        name: {file.sha256 for file in one.files} for name, one in model.sources.items()
    }
