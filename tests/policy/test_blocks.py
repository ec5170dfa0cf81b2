"""What is read without a YAML library is what the library reads, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy import blocks, yaml
from support import ROOT

POLICY = (ROOT / "params.yaml").read_bytes()
TRUST = b"""# who is believed
roles:
  engineer: [pipeline, 'release']
  guest: []
recipients: {}
signers:
  ada:
    key: MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+/==  # of a card
    owner: security-platform
    role: releaser
    from: '2026-01-01'
    until: '2999-01-01'
approvals:
  approver: 2
"""
WORDS = "a b key null true ~ yes 0 1 010 1_000 1e3 1e999 .5 -1 +1 0x1 2026-11-01 .inf .nan << = <= a.b ( ) a: --- ..."
SIGNS = "- -- : # ' \" \\ \\t \\x41 [ ] , {} { } [] &a *a !!str | > % @ ` ? é …"
TOKENS = [
    *WORDS.split(),
    *SIGNS.split(),
    *("9" * 18, "9" * 19, "a" * 70, "\u2028", "\x85", "\ufeff", "\t", "\r", "\n", "\n\n", " ", "  ", "    "),
    *(": ", ":\n  ", ":\n    ", ":\n- ", "- ", " #", ", ", "? ", "!!str ", "a: b", "\n  ", "\n    ", "\n- ", "\n  - "),
]


def _full(text: bytes) -> Any:
    try:
        return yaml.parse(text, "x").values
    except CustodyError:
        return None


def _typed(value: Any) -> Any:
    """A value that equals none of another type, nor in another order."""
    if isinstance(value, dict):
        return [(key, _typed(one)) for key, one in value.items()]
    return list(map(_typed, value)) if isinstance(value, list) else (type(value), repr(value))


def _same_or_not_read(text: bytes) -> bool:
    """Hold the two against each other; say whether both read it."""
    found = blocks.values(text)
    assert found is None or _typed(found) == _typed(_full(text)), text
    return found is not None


@pytest.mark.parametrize("text", [POLICY, TRUST], ids=["policy", "trust"])
def test_the_demos_policy_and_a_list_of_keys_are_read(text: bytes) -> None:
    assert _same_or_not_read(text)


@given(st.lists(st.sampled_from(TOKENS), max_size=24).map("".join))
@settings(max_examples=2000)
def test_any_text_is_read_to_the_same_effect_or_not(text: str) -> None:
    _same_or_not_read(text.encode())


EDIT = st.tuples(st.integers(0, 30_000), st.integers(0, 4), st.sampled_from(TOKENS))
ROWS = ["a:", "b: 1", "c: x y", "- d", "- 2", "", "# e", "f: [g, 'h']", "a: {}"]


@given(text=st.sampled_from([POLICY, TRUST]), edits=st.lists(EDIT, min_size=1, max_size=3))
@settings(max_examples=500, deadline=None)
def test_an_edited_file_is_read_to_the_same_effect_or_not(text: bytes, edits: list[tuple[int, int, str]]) -> None:
    whole = text.decode()
    for place, gone, put in edits:
        at = place % len(whole)
        whole = whole[:at] + put + whole[at + gone :]
    _same_or_not_read(whole.encode())


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(ROWS)), max_size=9))
@settings(max_examples=2000)
def test_lines_at_any_depth_are_read_to_the_same_effect_or_not(rows: list[tuple[int, str]]) -> None:
    _same_or_not_read("\n".join(" " * depth + row for depth, row in rows).encode())


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"# nothing\n",
        b"- a\n",
        b" a: 1\n",
        b"a: 1\na: 2\n",
        b"a:\n  b: 1\n c: 2\n",
        b"a: 1\n  b: 2\n",
        b"a:\n  - b\n  c: 1\n",
        b"a: 1\n- b\n",
        b"null: 1\n",
        b"a: 2026-11-01\n",
        b"a: 010\n",
        b"a: \xff\n",
        b"a: '\xe2\x80\xa8'\n",
        b"a: 1" + b" " * blocks.LIMIT,
        b"\n".join(b" " * depth + b"a:" for depth in range(1200)),
    ],
)
def test_what_is_laid_out_otherwise_is_not_read(text: bytes) -> None:
    assert blocks.values(text) is None


def test_what_is_not_read_here_is_read_by_the_library_or_refused_in_its_words() -> None:
    assert blocks.read(b"a: 'it''s'\n", "x") == {"a": "it's"}
    with pytest.raises(CustodyError, match=r"x:1: a: dates must be quoted"):
        blocks.read(b"a: 2026-11-01\n", "x")
