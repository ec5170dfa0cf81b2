"""Records that agree, against a dictionary that counts them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.quality import duplicates, groups
from custody.quality.bits import count, pack, unpack
from custody.quality.checks import unique
from quality.collecting import listed

SMALL = st.integers(0, 3)
PAIRS = st.lists(st.tuples(SMALL, SMALL), max_size=40)


def prints(pairs: list[tuple[int, int]]) -> tuple[Any, Any]:
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0].astype(np.uint64), table[:, 1]


@given(PAIRS)
def test_groups_are_those_that_a_dictionary_finds(pairs: list[tuple[int, int]]) -> None:
    expected = defaultdict(list)
    for i, pair in enumerate(pairs):
        expected[pair].append(i)
    found = groups.repeated(*prints(pairs))
    members = (
        [[int(i) for i in part] for part in np.split(found.members, found.starts[1:])] if len(found.starts) else []
    )
    assert sorted(members) == sorted(group for group in expected.values() if len(group) > 1)
    assert [len(group) for group in members] == [int(size) for size in found.sizes]


@given(PAIRS)
def test_duplicates_spare_the_first_copy_and_unique_spares_none(pairs: list[tuple[int, int]]) -> None:
    assert listed(duplicates.broken(*prints(pairs))) == [pair in pairs[:i] for i, pair in enumerate(pairs)]
    firsts = [first for first, _ in pairs]
    assert listed(unique.broken(prints(pairs)[0])) == [firsts.count(first) > 1 for first in firsts]


def test_equal_hashes_that_are_told_apart_are_no_group() -> None:
    assert len(groups.repeated(*prints([(1, 1), (1, 2), (1, 3)])).members) == 0


@given(
    st.lists(st.integers(0, 2**64 - 1), max_size=20), st.lists(st.integers(0, 2**64 - 1), max_size=20), st.booleans()
)
def test_held_hashes_are_those_of_the_list_whether_it_is_long_or_short(
    ranked: list[int],
    others: list[int],
    short: bool,  # noqa: FBT001  # a case
) -> None:
    alike = [one ^ 2**63 for one in ranked]  # the same low bits
    asked = [*others, *ranked, *alike]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "_FEW", 20 if short else 0)
        found = groups.held(np.sort(np.array(ranked, np.uint64)), np.array(asked, np.uint64))
    assert listed(found) == [one in ranked for one in asked]


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 64])
def test_a_packed_mask_unpacks_to_itself(rows: int) -> None:
    mask = np.arange(rows) % 3 == 0
    assert listed(unpack(pack(mask), rows)) == listed(mask)
    assert count(pack(mask)) == mask.sum()
