"""Fingerprints are equal exactly where the values are."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.quality.fingerprints import Hashing, Seeds
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


def prints(rows: list[dict[str, Any]]) -> list[int]:
    found = Hashing(table(rows), SEEDS).of(sorted(SCHEMA))
    assert found.shape == (len(rows),)
    return [int(one) for one in found]


@given(st.lists(VALUES, min_size=2, max_size=20))
def test_two_records_share_a_hash_exactly_where_all_their_values_are_equal(rows: list[dict[str, Any]]) -> None:
    found = prints(rows)
    for one, left in zip(rows, found, strict=True):
        for other, right in zip(rows, found, strict=True):
            assert (left == right) == (one == other)


@given(st.lists(VALUES, min_size=1, max_size=9), st.data())
def test_a_record_has_one_hash_in_any_partition(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    """Also where all others of a column are null, or where its texts come coded."""
    start = data.draw(st.integers(0, len(rows) - 1))
    whole, part = table(rows), table(rows[start:])
    for name in data.draw(st.sets(st.sampled_from(["event", "user", "amount!raw"]))):
        part = part.set_column(part.column_names.index(name), name, part[name].dictionary_encode())
    for columns in (sorted(SCHEMA), ["user"], ["amount"], ["ts", "hits"]):
        hashes = Hashing(whole, SEEDS).of(columns)[start:]
        assert (hashes == Hashing(part, SEEDS, ["user", "hits"]).of(columns)).all()


def test_values_count_for_where_they_stand() -> None:
    one, other = prints([{"user": "a", "event": "b"}, {"user": "b", "event": "a"}])
    assert one != other


def test_whence_a_record_came_does_not_count() -> None:
    rows = [{"user": "a", "source": "edge"}, {"user": "b", "source": "edge"}]
    moved = [{"user": "a", "source": "sshd"}, {"user": "b", "source": "sshd"}]
    assert prints(rows) == prints(moved)


def test_an_encoded_column_hashes_as_a_plain_one() -> None:
    plain = table([{"user": "a"}, {"user": None}, {"user": "b"}])
    encoded = plain.set_column(plain.column_names.index("user"), "user", plain["user"].dictionary_encode())
    left, right = (Hashing(one, SEEDS).of(["user"]) for one in (plain, encoded))
    assert (left == right).all()


@pytest.mark.parametrize("bits", [0, 1, 8, 63])
def test_a_shorter_hash_is_the_low_end_of_the_whole_one(bits: int) -> None:
    users = table([{"user": str(i)} for i in range(300)])
    whole, short = (Hashing(users, Seeds(7, one)).of(["user"]).tolist() for one in (64, bits))
    assert short == [one % 2**bits for one in whole]


def test_another_process_finds_the_same_hashes() -> None:
    code = (
        "import pyarrow as pa; from custody.quality.fingerprints import Hashing, Seeds; "
        "data = pa.table({'a': ['x', None], 'b': [1, 2]}); "
        "print(Hashing(data, Seeds(1)).of(['a', 'b']).tolist())"
    )
    here = pa.table({"a": ["x", None], "b": [1, 2]})
    found = Hashing(here, Seeds(1)).of(["a", "b"]).tolist()
    done = subprocess.run(
        [sys.executable, "-B", "-c", code], env={"PYTHONPATH": str(STAGES)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(found)


def test_seeds_depend_on_the_zone_and_show_in_no_text() -> None:
    other = Seeds.of(Zone("other", bytes(range(1, 33))))
    assert other != SEEDS
    assert str(SEEDS.seed) not in repr(SEEDS)
