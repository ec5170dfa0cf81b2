from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.sources.formats import lines, messages
from custody.sources.formats.patterns import MESSAGE_FIELDS
from sources.reads import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = st.sampled_from(
    [
        *(
            "Accepted",
            "Failed",
            "password",
            "for",
            "invalid",
            "user",
            "from",
            "port",
            "ssh2",
            "illegal",
            "ssh2:",
            "x\x0b",
        ),
        *(
            "192.0.2.1",
            "::1",
            "22",
            "123456",
            "root",
            "é",
            "",
            "gate",
            "sshd[7]:",
            "sshd:",
            "Oct",
            "5",
            " 5",
            "00:00:00",
        ),
    ]
)
START = st.sampled_from(["", "Accepted password for ", "Failed none for ", "Failed none for invalid user "])
END = st.sampled_from(["", " from 192.0.2.1 port 22 ssh2", " from fe80::1 port 123456 ssh2", " port 22 ssh2"])
MESSAGES = st.builds("{}{}{}".format, START, st.lists(WORDS, max_size=8).map(" ".join), END)
HEADS = st.sampled_from(
    ["", "Oct  5 00:00:01 ", "Oct 15 00:00:01 gate ", "Oct  5 00:00:01 gate sshd[7]: ", "<9>Oct  5 "]
)


@settings(deadline=None)
@given(st.lists(MESSAGES, max_size=12))
def test_the_usual_messages_say_what_the_general_patterns_find_in_them(texts: Sequence[str]) -> None:
    array = pa.array(texts, pa.string())
    quick = messages.events(array, MESSAGE_FIELDS)
    with mock.patch.object(messages, "USUAL_MESSAGES", ()):
        general = messages.events(array, MESSAGE_FIELDS)
    assert {name: column.to_pylist() for name, column in quick.items()} == {
        name: column.to_pylist() for name, column in general.items()
    }


@settings(deadline=None)
@given(st.lists(st.tuples(HEADS, MESSAGES).map("".join), max_size=12))
def test_the_usual_lines_say_what_the_general_pattern_finds_in_them(texts: Sequence[str]) -> None:
    data = "\n".join(texts).encode()
    wanted = ("time", "host", "process", "pid", "message", "event", "user", "rhost", "port", "method", "priority")
    quick = whole(data, wanted, type="text", pattern="sshd")
    with mock.patch.object(lines, "USUAL", {}):
        assert whole(data, wanted, type="text", pattern="sshd") == quick
