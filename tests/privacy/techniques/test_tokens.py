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
    assert tokens.spell(rows) == [base64.b32encode(one).decode().lower() for one in packed]


def test_two_values_with_one_token_stop_the_run() -> None:
    with pytest.raises(CustodyError, match="two values got one token"):
        tokens.write(pa.array(["a", "b"]), "user", b"a key of this test", lambda texts: ["same"] * len(texts))


def test_no_values_are_no_error() -> None:
    assert tokens.write(pa.array([None], pa.string()), "user", b"another key", lambda texts: texts).to_pylist() == [
        None
    ]
