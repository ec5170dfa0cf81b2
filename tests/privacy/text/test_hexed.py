"""A name in the hexadecimal of Linux' audit log is found and goes; other hexadecimal is none."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.leaks.searching import search_for
from custody.privacy.techniques import redact_text
from custody.privacy.text import hexed
from privacy.known_names import build

NAMES = build({"user": ["alice", "zo\u00eb lang", "\u0438\u0432\u0430\u043d"]})


def line(key: str, text: str) -> str:
    return f'type=SYSCALL msg=audit(1.1:2): {key}={text.encode().hex().upper()} exe="/bin/su" res=success'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (line("acct", "alice"), "alice"),
        (line("proctitle", "su\0-l\0ALICE"), "alice"),
        (line("cwd", "/home/alice/my files"), "alice"),
        (line("comm", "a b").replace("comm=", "name=") + " " + line("a1", "for Zo\u00eb Lang"), "zo\u00eb lang"),
        (line("data", "\u0418\u0412\u0410\u041d\r\n"), "\u0438\u0432\u0430\u043d"),
        (line("exe", "/opt/my app/zo%c3%ab%20lang"), "zo\u00eb lang"),
        (line("acct", "alice").lower(), "alice"),
        (line("acct", "alice").upper(), "alice"),
    ],
)
def test_a_name_behind_a_key_is_found_and_redacted(text: str, name: str) -> None:
    column = pa.array([text, "", text])
    for hits in (NAMES.find(column), search_for(NAMES).find(column, whole=False)):
        assert hits.row.tolist() == [0, 2]
        assert {NAMES.names[number].as_py() for number in hits.identifier.tolist()} == {name}
    written = redact_text.apply(column, NAMES, ()).values
    assert NAMES.replacements[NAMES.names.to_pylist().index(name)].as_py() in written[0].as_py()
    assert len(NAMES.find(written)) == 0


@pytest.mark.parametrize(
    "text",
    [
        line("sha", "alice"),  # no such field
        "acct=616C69636",  # half a byte
        "acct=616C6963650102",  # no text
        line("acct", "malice"),
        "name=" + "00112233445566778899aabbccddeeff",
        "pid=61616161 name=deadbeefdeadbeef",
    ],
)
def test_other_hexadecimal_is_none(text: str) -> None:
    assert len(NAMES.find(pa.array([text]))) == 0
    assert redact_text.apply(pa.array([text]), NAMES, ()).values[0].as_py() == text


@given(st.text(min_size=1, max_size=12).filter(lambda text: len(text.encode()) >= 4 and text.isprintable()))
def test_a_glance_passes_over_no_text(text: str) -> None:
    assert re.search(hexed.GLANCE, line("acct", text))
