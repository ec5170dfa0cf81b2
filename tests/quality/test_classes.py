"""Source and label of each record."""

from __future__ import annotations

import numpy as np

from custody.quality.classes import Classes
from quality.collecting import table

ROWS = [{"event": "a"}, {"event": "a", "source": "sshd"}, {}, {"event": "a"}, {"event": "b"}]


def test_records_are_counted_by_source_and_label_and_a_missing_label_is_empty() -> None:
    classes = Classes.of(table(ROWS), "event")
    assert classes.counts() == {("edge", "a"): 2, ("edge", "b"): 1, ("edge", ""): 1, ("sshd", "a"): 1}
    assert classes.counts(np.array([True, False, False, False, True])) == {("edge", "a"): 1, ("edge", "b"): 1}
    assert Classes.of(table([{"hits": 3}]), "hits").counts() == {("edge", "3"): 1}
    assert Classes.of(table(ROWS), None).counts() == {("edge", ""): 4, ("sshd", ""): 1}
    assert Classes.of(table([]), "event").counts() == {}


def test_records_of_some_pairs_are_found() -> None:
    classes = Classes.of(table(ROWS), "event")
    assert classes.among([("edge", "a"), ("nowhere", "")]).tolist() == [True, False, False, True, False]
    assert classes.codes.itemsize == 1
