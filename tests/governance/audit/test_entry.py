"""One entry has one form, and nothing else is an entry."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from custody.governance.audit import entry
from custody.governance.audit.entry import BEGINNING, Event, Head

NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
AFTER = Head("ab" * 16, 4, "1" * 64)
TEXT = st.text(st.characters(codec="utf-8").filter(str.isprintable), max_size=60)
TOLD = st.one_of(st.none(), TEXT, st.integers(-(2**53) + 1, 2**53 - 1), st.lists(TEXT, max_size=3).map(tuple))


def line(event: Event) -> bytes:
    return entry.line(event, NOW, "0123456789abcdef", AFTER)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,9}", fullmatch=True), TOLD, max_size=4))
def test_what_is_written_is_read_and_is_canonical(about: dict[str, Any]) -> None:
    text = line(Event("load", "done", release="f" * 64, about=about))
    value = entry.read(text)
    assert rfc8785.dumps(value) == text == orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    assert (value["number"], value["previous"], value["writer"]) == (5, AFTER.digest, AFTER.writer)
    assert b"\n" not in text


def _changed(**changed: Any) -> bytes:
    return rfc8785.dumps({**json.loads(line(Event("load"))), **changed})


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'"\xff"',
        line(Event("load")) + b" ",
        b" " + line(Event("load")),
        json.dumps(json.loads(line(Event("load"))), sort_keys=True).encode(),
        line(Event("load")).replace(b'"action":"load"', b'"action":"load","action":"load"'),
        _changed(more=1),
        _changed(schema="custody/audit/v0"),
        _changed(action="look"),
        _changed(outcome="maybe"),
        _changed(number="5"),
        _changed(number=True),
        _changed(at="yesterday"),
        _changed(actor="ada"),
        _changed(writer="../../x"),
        _changed(previous=BEGINNING[1:]),
        _changed(release="x"),
        _changed(reason=7),
        _changed(about=[]),
        _changed(about={"x": "y" * entry.LIMIT}),
        b"[" * 100_000,
        _changed(action=[]),
        _changed(outcome={}),
        _changed(schema=[]),
        _changed(at=7),
        _changed(at="2026-99-99T00:00:00Z"),
        _changed(at="2026-02-30T00:00:00Z"),
        _changed(at="\u0662026-02-03T00:00:00Z"),
        _changed(release="None"),
        _changed(release=""),
        _changed(release=[]),
        _changed(reason=""),
        _changed(reason=" why"),
        _changed(reason="\x1b[2Kspoof"),
        _changed(reason="y" * (entry.LONGEST + 1)),
        _changed(about={"k": 1.5}),
        _changed(about={"k": True}),
        _changed(about={"k": {}}),
        _changed(about={"k": [1]}),
        _changed(about={"k": "one\ntwo"}),
        _changed(about={"k": ["\u202egnp.exe"]}),
        _changed(about={"K k": 1}),
        line(Event("load")).replace(b'"number":5', b'"number":1e999'),
        line(Event("load")).replace(b'"number":5', b'"number":' + b"9" * 400),
        line(Event("load")).replace(b'"about":{}', b'"about":{"k":' + b"[" * 400 + b"]" * 400 + b"}"),
    ],
)
def test_nothing_else_is_an_entry(text: bytes) -> None:
    with pytest.raises(ValueError, match="is no canonical entry"):
        entry.read(text)


def test_what_does_not_print_is_written_as_a_question_mark() -> None:
    text = line(Event("load", about={"file": "a\x1b[2Kb", "files": ("one\ntwo", "\udcff")}))
    assert entry.read(text)["about"] == {"file": "a?[2Kb", "files": ["one?two", "?"]}
