from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.text.lookup import Lookup

WORDS = st.lists(st.text("ab\u00e9\u738b", max_size=5), max_size=8)


@given(WORDS.map(lambda names: sorted(set(names) - {""})), WORDS)
def test_each_text_has_the_id_of_the_name_that_it_is(names: list[str], texts: list[str]) -> None:
    ids = {name: 7 * i for i, name in enumerate(names)}
    found = Lookup(pa.array(names, pa.string()), np.array(list(ids.values()), dtype=np.int64)).find(
        pa.array([*texts, None], pa.string())
    )
    assert found.tolist() == [*(ids.get(text, -1) for text in texts), -1]
