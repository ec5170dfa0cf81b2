"""A value is written where it belongs, and no other byte of params.yaml changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.editing import Edit, edited
from custody.policy.yaml import parse
from support import ROOT

SHIPPED = (ROOT / "params.yaml").read_bytes()
KEYS = st.sampled_from(
    [
        b"keys:\n  zone: demo\n  check: abc\n",
        b"keys:\r\n  zone: 'demo'   # why\r\n  check: \"abc\"\r\n",
        b"# head\nkeys:\n    # said\n    check: 'a b'\n\n    zone:   demo # x\nother: 1",
        b"\xef\xbb\xbfkeys:\n  \"zone\": demo\n  'check': abc",
        SHIPPED,
    ]
)


@settings(max_examples=50)
@given(KEYS, st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True), st.from_regex(r"[0-9a-f]{16}", fullmatch=True))
def test_only_the_two_values_change_in_any_layout(text: bytes, zone: str, check: str) -> None:
    before, after = (
        parse(text, "p").values,
        edited(text, "p", [Edit(("keys", "zone"), zone), Edit(("keys", "check"), check)]),
    )
    assert parse(after, "p").values == {**before, "keys": {"zone": zone, "check": check}}
    for old, new in zip(text.splitlines(), after.splitlines(), strict=True):
        assert new == old or new.split(b":")[0] == old.split(b":")[0]
        assert old.partition(b"#")[1:] == new.partition(b"#")[1:]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_line_that_is_not_there_becomes_the_first_of_its_block(end: bytes) -> None:
    text = b"keys:\n    zone: a\nprivacy:   # who\n    # said\n    k: 2\n".replace(b"\n", end)
    after = edited(text, "p", [Edit(("privacy", "epochs", "p-1"), 2, "Why."), Edit(("privacy", "epochs", "q"), 3)])
    added = b"    # Why.\n    epochs:\n      q: 3\n      p-1: 2\n".replace(b"\n", end)
    assert after == text.replace(b"privacy:   # who" + end, b"privacy:   # who" + end + added)


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        (b"keys:\n  zone: a\nprivacy: {k: 2}\n", ("privacy", "epochs", "x"), "cannot be added here"),
        (b"keys:\n  zone: a\n", ("privacy", "k"), "cannot be added here"),
        (b"keys:\n  zone: a\nprivacy:\n  k:\n    2\n", ("privacy", "k"), "must stand on a line of its own"),
        (b"keys:\n  zone: a\n   def\n", ("keys", "zone"), "must stand on a line of its own"),
        (b"keys:\n  zone: a\nprivacy:\n  - k\n", ("privacy", "k"), "must stand on a line of its own"),
    ],
)
def test_an_edit_that_would_change_more_is_refused(text: bytes, path: tuple[str, ...], says: str) -> None:
    with pytest.raises(CustodyError, match=says):
        edited(text, "p", [Edit(path, 7)])


def test_the_shipped_policy_takes_any_number_in_place() -> None:
    after = edited(SHIPPED, "p", [Edit(("privacy", "epochs", "person"), 12)])
    assert after == SHIPPED.replace(b"    person: 1\n", b"    person: 12\n")
