"""Flows between two sets of fates: they agree with a plain count, however the files are cut."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from custody.history.effect import flows
from custody.history.effect.fates import ABSENT, ADMITTED, Fates

REASONS = {0: ("",), 1: ("a", "b"), 2: ("c",), 3: ("d", "e"), 4: ("",)}
NAMES = ("", "a", "b", "c", "d", "e")
record = st.integers(1, 4).flatmap(lambda fate: st.tuples(st.just(fate), st.sampled_from(REASONS[fate])))
side = st.dictionaries(st.integers(1, 30), record, max_size=30)


def _fates(records: dict[int, tuple[int, str]], cut: int) -> Fates | None:
    """The same as one file, joined from parts."""
    if not records:
        return None
    lines = sorted(records)
    parts = [lines[i : i + cut] for i in range(0, len(lines), cut)]
    return flows._joined([_part(part, records) for part in parts])


def _part(lines: list[int], records: dict[int, tuple[int, str]]) -> Fates:
    reasons = tuple(sorted({records[line][1] for line in lines}))
    return Fates(
        np.array(lines),
        np.array([records[line][0] for line in lines], np.uint8),
        np.array([reasons.index(records[line][1]) for line in lines], np.int32),
        np.array([line % 7 for line in lines], np.uint64),
        reasons,
    )


@given(side, side, st.integers(1, 9), st.integers(1, 9))
def test_flows_are_what_a_plain_count_finds(
    old: dict[int, tuple[int, str]], new: dict[int, tuple[int, str]], one: int, other: int
) -> None:
    found = flows.Flows()
    if old or new:
        flows._count(found, "s", _fates(old, one), _fates(new, other))
    pairs = {line: (old.get(line, (ABSENT, "")), new.get(line, (ABSENT, ""))) for line in {*old, *new}}
    counted = Counter(flows.WORDS[after[0]] for before, after in pairs.values() if before[0] != after[0])
    counted[flows.LEFT] = sum(b[0] == ADMITTED != a[0] for b, a in pairs.values())
    counted[flows.RE_REASONED] = sum(b[0] == a[0] and b[1] != a[1] for b, a in pairs.values())
    assert {kind: flow.records for kind, flow in found.by_kind.items() if flow.records} == dict(+counted)
    admitted = {line for line, (b, a) in pairs.items() if a[0] == ADMITTED != b[0]}
    assert found.by_kind["admitted"].persons == len({line % 7 for line in admitted} - {0})
    before, after = ({line % 7 for line, one in side.items() if one[0] == ADMITTED} - {0} for side in (old, new))
    assert (found.entering, found.leaving) == (len(after - before), len(before - after))
    assert all(flow.sources.total() == flow.reasons.total() for flow in found.by_kind.values())
