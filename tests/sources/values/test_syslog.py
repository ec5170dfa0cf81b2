from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.sources.values import syslog, times
from custody.sources.values.times import Clock

MONTHS = st.sampled_from(["Jan", "feb", "MAR", "Oct", "Dec", "Foo", "J n", "0ct"])
DAYS = st.sampled_from([" 1", "01", "31", "30", "29", "32", " 0", "1 ", "  ", "x1"])
CLOCKS = st.sampled_from(
    ["00:00:00", "23:59:59", "24:00:00", "12:60:00", "12:00:61", "1:00:000", "12.00.00", "é2:00:0"]
)
TEXTS = st.none() | st.builds("{} {} {}".format, MONTHS, DAYS, CLOCKS) | st.sampled_from(["x", "2026-01-02T03:04:05Z"])
ZONES = st.sampled_from(["UTC", "Europe/Berlin"])


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=20), ZONES, st.integers(2019, 2028))
def test_times_by_the_place_of_their_bytes_are_those_of_the_pattern(
    texts: list[str | None], zone: str, year: int
) -> None:
    how = Clock("syslog", zone, year, "key")
    text = pa.array(["ahead", *texts], pa.string()).slice(1)
    rows, civil = syslog.usual(text, year)
    quick = times._spread(times._universal(civil, civil.valid, how), rows)  # one of two ways
    general = times._fields(text, times._SYSLOG, how)  # the other
    whys = [why.to_pylist() if why is not None else [None] * len(text) for why in (quick.why, general.why)]
    for i in np.flatnonzero(rows).tolist():
        assert (quick.values[i], whys[0][i]) == (general.values[i], whys[1][i])
    for i in np.flatnonzero(~rows).tolist():
        assert (quick.values[i].as_py(), whys[0][i]) == (None, None)
