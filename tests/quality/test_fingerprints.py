"""Fingerprints are equal exactly where the values are."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from custody.quality import fingerprints
from custody.quality.fingerprints import Seeds
from custody.records.zone import Zone
from quality.collecting import SCHEMA, Wrong, table
from support import STAGES, ZONE

SEEDS = Seeds.of(ZONE)
VALUES = st.fixed_dictionaries(
    {
        "amount": st.one_of(st.none(), st.sampled_from([0.0, -0.0, 1.5, Wrong("nan"), Wrong("high")])),
        "event": st.sampled_from([None, "", "a", "ab"]),
        "hits": st.sampled_from([None, 0, 1]),
        "user": st.sampled_from([None, "b", "", "0"]),
    }
)


def prints(rows: list[dict[str, Any]]) -> list[tuple[int, int]]:
    found = fingerprints.values(fingerprints.frame(table(rows), sorted(SCHEMA)), sorted(SCHEMA), SEEDS)
    assert found.shape == (2, len(rows))
    return [(int(first), int(second)) for first, second in found.T]


@given(st.lists(VALUES, min_size=2, max_size=20))
def test_two_records_share_both_hashes_exactly_where_all_their_values_are_equal(rows: list[dict[str, Any]]) -> None:
    found = prints(rows)
    for one, left in zip(rows, found, strict=True):
        for other, right in zip(rows, found, strict=True):
            assert (left[0] == right[0]) == (left[1] == right[1]) == (one == other)


def test_whence_a_record_came_does_not_count() -> None:
    rows = [{"user": "a", "source": "edge"}, {"user": "b", "source": "edge"}]
    moved = [{"user": "a", "source": "sshd"}, {"user": "b", "source": "sshd"}]
    assert prints(rows) == prints(moved)


def test_the_repeat_count_counts_in_the_second_hash_alone() -> None:
    values = np.array([[5, 5, 5], [7, 7, 7]], dtype=np.uint64)
    found = fingerprints.records(values, np.array([1, 3, 1]))
    assert found[0].tolist() == [5, 5, 5]
    assert found[1][0] == found[1][2] != found[1][1]


def test_an_encoded_column_hashes_as_a_plain_one() -> None:
    plain = table([{"user": "a"}, {"user": None}, {"user": "b"}])
    encoded = plain.set_column(plain.column_names.index("user"), "user", plain["user"].dictionary_encode())
    frames = [fingerprints.frame(one, ["user"]) for one in (plain, encoded)]
    left, right = (fingerprints.values(frame, ["user"], SEEDS) for frame in frames)
    assert (left == right).all()


def test_another_process_finds_the_same_hashes() -> None:
    code = (
        "import pyarrow as pa; from custody.quality import fingerprints as f; "
        "data = f.frame(pa.table({'a': ['x', None], 'b': [1, 2]}), ['a', 'b']); "
        "print(f.values(data, ['a', 'b'], f.Seeds(1, 2)).tolist())"
    )
    here = pa.table({"a": ["x", None], "b": [1, 2]})
    found = fingerprints.values(fingerprints.frame(here, ["a", "b"]), ["a", "b"], Seeds(1, 2)).tolist()
    done = subprocess.run(
        [sys.executable, "-B", "-c", code], env={"PYTHONPATH": str(STAGES)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(found)


def test_seeds_depend_on_the_zone_and_show_in_no_text() -> None:
    other = Seeds.of(Zone("other", bytes(range(1, 33))))
    assert other != SEEDS
    assert str(SEEDS.first) not in repr(SEEDS)
