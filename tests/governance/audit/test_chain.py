"""A log is whole, or the first entry that is not in its place is named."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.governance.audit import chain, entry
from custody.governance.audit.entry import BEGINNING, Event, Head

NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
WRITER = "ab" * 16


def written(number: int, writer: str = WRITER) -> list[bytes]:
    lines, head = [], Head(writer, 0, BEGINNING)
    for i in range(number):
        text = entry.line(Event("load", "done", about={"i": i}), NOW + dt.timedelta(seconds=i), "a" * 16, head)
        head = Head(writer, i + 1, entry.digest(text))
        lines.append(text + b"\n")
    return lines


def test_a_whole_log_says_where_it_stands() -> None:
    lines = written(5)
    found = chain.judge(b"".join(lines))
    assert found.head == Head(WRITER, 5, entry.digest(lines[-1][:-1]))
    assert found.set_back == ()
    assert not found.published
    for i in range(1, 6):
        assert found.goes_on_from(chain.judge(b"".join(lines[:i])).head)
    other = chain.judge(b"".join(written(5, "cd" * 16)))
    assert not found.goes_on_from(other.head)
    assert not chain.judge(b"".join(lines[:3])).goes_on_from(found.head)


@given(st.data())
def test_no_byte_can_be_changed(data: st.DataObject) -> None:
    """But in the last line, which a checkpoint covers: whatever was done to it, the head is another."""
    text = b"".join(written(4))
    head = chain.judge(text).head
    place, byte = data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(0, 255))
    changed = text[:place] + bytes([byte]) + text[place + 1 :]
    if changed == text:
        return
    with contextlib.suppress(chain.BrokenError):
        assert not chain.judge(changed).goes_on_from(head)


@given(st.permutations(range(4)))
def test_no_entry_can_be_moved(order: list[int]) -> None:
    lines = written(4)
    moved = b"".join(lines[i] for i in order)
    if order == [0, 1, 2, 3]:
        chain.judge(moved)
    else:
        with pytest.raises(chain.BrokenError, match="does not follow the one before it"):
            chain.judge(moved)


def test_entries_of_two_writers_make_no_log() -> None:
    one, two = written(1), written(2, "cd" * 16)
    with pytest.raises(chain.BrokenError, match=r"^entry 2 "):
        chain.judge(b"".join([*one, two[1]]))


@pytest.mark.parametrize(
    ("text", "words"), [(b"", "entry 1 is missing"), (b"\n", "entry 1 is no canonical"), (b"x", "entry 1 is cut off")]
)
def test_what_is_no_log_is_named(text: bytes, words: str) -> None:
    with pytest.raises(chain.BrokenError, match=words):
        chain.judge(text)
