from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.sources.values import iso, times
from custody.sources.values.civil import spread
from custody.sources.values.times import Clock

DAYS = st.sampled_from(
    ["2026-10-05", "2024-02-29", "2023-02-29", "0000-01-01", "9999-12-31", "2026-13-01", "2026_01-01"]
)
CLOCKS = st.sampled_from(
    ["T00:00:00", " 23:59:59", "t24:00:00", "T12:60:00", "T12:00:61", "T1:00:000", "T\u00e9:00:00"]
)
FRACTIONS = st.sampled_from(["", ".1", ",123", ".123456", ".999999999", ".1a3", ":123"])
OFFSETS = st.sampled_from(["", "Z", "z", "+02:00", "-0530", "+24:00", "-01:60", "+02", "+0a:00", "x"])
TEXTS = (
    st.none() | st.builds("{}{}{}{}".format, DAYS, CLOCKS, FRACTIONS, OFFSETS) | st.sampled_from(["x", "2026-10-05"])
)


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=20), st.sampled_from(["UTC", "Europe/Berlin"]))
def test_times_by_the_place_of_their_bytes_are_those_of_the_pattern(texts: list[str | None], zone: str) -> None:
    how = Clock("iso", zone, None, "key")
    text = pa.array(["ahead", *texts], pa.string()).slice(1)
    parts = list(iso.usual(text))
    rows = np.logical_or.reduce([np.zeros(len(text), bool), *(mine for mine, _ in parts)])
    civil = spread(parts, len(text))
    quick = times._universal(civil, civil.valid, how)  # one of two ways
    general = times._fields(text, times._ISO, how)  # the other
    whys = [why.to_pylist() if why is not None else [None] * len(text) for why in (quick.why, general.why)]
    for i in np.flatnonzero(rows).tolist():
        assert (quick.values[i], whys[0][i]) == (general.values[i], whys[1][i])
    both = times._iso(text, how)
    assert both.values.equals(general.values)
    assert (both.why or pa.nulls(len(text), pa.string())).equals(general.why or pa.nulls(len(text), pa.string()))


@pytest.mark.parametrize("rest", ["", ".5", ".123", ",123456789", "Z", ".123Z", "+02:00", ".123456-0530"])
def test_what_programs_write_needs_no_pattern_whatever_stands_beside_it(rest: str) -> None:
    good = [f"2026-10-{day:02}T00:00:00{rest}" for day in range(1, 31)]
    bad = ["?" * len(good[0]), "never", None]
    ((rows, _),) = iso.usual(pa.array([*bad, *good]))
    assert rows.tolist() == [False] * len(bad) + [True] * len(good)
