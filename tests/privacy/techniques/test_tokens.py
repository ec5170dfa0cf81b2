from __future__ import annotations

import base64

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.privacy.techniques import tokens


@given(st.lists(st.binary(min_size=15, max_size=15), min_size=1, max_size=5))
def test_spelling_is_base32(packed: list[bytes]) -> None:
    rows = np.frombuffer(b"".join(packed), dtype=np.uint8).reshape(-1, 15)
    assert tokens.spell(rows).to_pylist() == [base64.b32encode(one).decode().lower() for one in packed]


def test_two_values_with_one_token_stop_the_run() -> None:
    with pytest.raises(CustodyError, match="two values got one token"):
        tokens.write(pa.array(["a", "b"]), "user", b"a key of this test", lambda texts: pa.array(["same"] * len(texts)))


def test_no_values_are_no_error() -> None:
    assert tokens.write(pa.array([None], pa.string()), "user", b"another key", lambda texts: texts).to_pylist() == [
        None
    ]


@pytest.mark.parametrize("limit", [0, 2, 100])
def test_what_is_remembered_changes_no_token_and_spares_the_work(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(tokens, "LIMIT", limit)
    made: list[str] = []

    def make(texts: pa.Array) -> pa.Array:
        made.extend(texts.to_pylist())
        return pa.array([f"<{text}>" for text in texts.to_pylist()])

    for texts in (["a", "B", None, "a"], ["b", "c"], ["c", "a", "d", "e"], ["A", None]):
        written = tokens.write(pa.array(texts, pa.string()), "user", b"key %d" % limit, make).to_pylist()
        assert written == [text and f"<{text.lower()}>" for text in texts]
    assert limit < 100 or made == ["a", "b", "c", "d", "e"]


def test_a_later_value_with_an_earlier_token_stops_the_run() -> None:
    def make(texts: pa.Array) -> pa.Array:
        return pa.array(["same"] * len(texts))

    tokens.write(pa.array(["a"]), "user", b"one more key", make)
    with pytest.raises(CustodyError, match="two values got one token"):
        tokens.write(pa.array(["b"]), "user", b"one more key", make)
