"""Records per source and label."""

from __future__ import annotations

from custody.quality.balance import labels_of
from quality.collecting import SCHEMA, table


def test_labels_are_counted_by_source_and_a_missing_one_is_empty() -> None:
    rows = [{"event": "a"}, {"event": "a", "source": "sshd"}, {}, {"event": "a"}, {"event": "b"}]
    assert labels_of(table(rows), "event") == {("edge", "a"): 2, ("edge", "b"): 1, ("edge", ""): 1, ("sshd", "a"): 1}
    assert labels_of(table([{"hits": 3}]), "hits") == {("edge", "3"): 1}
    assert labels_of(table([]), "event") == {}
    assert set(SCHEMA) >= {"event", "hits"}
