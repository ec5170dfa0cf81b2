"""A statement read as plain values: what the models take, they alone, and to the same effect."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import pytest

from custody.engine import serial
from custody.errors import RefusedError
from custody.release import deciding, stated, statement
from release import example
from support import ZONE

GONE = object()
ODD: list[Any] = [
    *(GONE, None, True, False, 0, 1, -1, 1.0, 0.5, -0.0, 2**53, 2**53 + 2, 10**30, 1e300, math.nan, math.inf),
    *(2**53 + 1, -(2**53) - 1, "\ud83d" + "\ude00"),
    *("", "x", "a" * 63, "a" * 64, "a" * 200, "a" * 201, "a" * 1001, "é", "\ud800", "0" * 32, "0" * 64),
    *("0" * 16, "0" * 64 + "\n", "x.parquet", "x.parquet\n", "../x.parquet", "2026-11-01", "20261101", "2026-02-30"),
    *("released", "refused", "internal", "custody/statement/v1", "custody/statement/v2"),
    *([], {}, [1], {"a": 1}, {"x": None}, {"\ud800": 1}, {"": "0" * 64}),
]


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


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a value; of a list, whose items are of one kind, the first alone."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in _places(one, (*path, key)))]


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _verdict(read: Any, value: dict[str, Any]) -> str:
    try:
        read(value, "x")
    except RefusedError as refused:
        return str(refused)
    return ""


def _altered(value: dict[str, Any], path: tuple[Any, ...], odd: Any) -> dict[str, Any]:
    whole = copy.deepcopy(value)
    inner = _at(whole, path[:-1])
    if odd is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = odd
    return whole


def test_whatever_is_altered_is_refused_by_both_in_the_same_words(told: dict[str, Any]) -> None:
    taken = 0
    for path in _places(told)[1:]:
        for odd in ODD:
            altered = _altered(told, path, odd)
            said = _verdict(stated.parse, altered)
            assert said == _verdict(statement.parse, altered), (path, odd)
            taken += not said
    assert taken > 0


@pytest.mark.parametrize("key", ["note", "version", "é", "\ud800", ""])
def test_a_key_too_many_is_refused_by_both(told: dict[str, Any], key: str) -> None:
    for path in _places(told):
        if isinstance(_at(told, path), dict):
            altered = _altered(told, (*path, key), "custody/statement/v1")
            assert _verdict(stated.parse, altered) == _verdict(statement.parse, altered), path


def test_both_tell_the_same(told: dict[str, Any]) -> None:
    plain, model = stated.parse(told, "x"), statement.parse(told, "x")
    assert (plain.decision, plain.released) == (model.decision, model.released)
    assert [tuple(one) for one in plain.files] == [(one.name, one.sha256, one.rows) for one in model.files]
    assert {name: one._asdict() for name, one in plain.columns.items()} == {
        name: one.model_dump() for name, one in model.columns.items()
    }
    assert plain.key == model.key.model_dump()
    assert plain.sources == {name: one.model_dump(mode="json") for name, one in model.sources.items()}
    assert {name: plain.read(name) for name in plain.sources} == {
        name: {file.sha256 for file in one.files} for name, one in model.sources.items()
    }
