from __future__ import annotations

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.policy.dataset import Dataset
from custody.privacy import rowid
from custody.records.zone import Zone

ZONE = Zone("test", bytes(range(32)))
DATASET = Dataset(name="events", purpose="detection", as_of="2026-11-01")
LINES = st.lists(st.integers(1, 2**62), unique=True, max_size=60)


def ids(
    lines: list[int],
    source: str = "sshd",
    file: str = "0011223344556677",
    zone: Zone = ZONE,
    dataset: Dataset = DATASET,
) -> list[str]:
    made = rowid.text(rowid.row_ids(zone, dataset, source, file, np.array(lines, dtype=np.int64)))
    made.validate(full=True)
    texts: list[str] = made.to_pylist()
    return texts


def one_by_one(lines: list[int]) -> list[str]:
    """AES-256 of each line number in a cipher call of its own."""
    key = ZONE.derive("row-id/events/internal/sshd/0011223344556677/")
    made = []
    for line in lines:
        encryptor = Cipher(algorithms.AES256(key), modes.ECB()).encryptor()  # noqa: S305  # one block
        made.append((encryptor.update(line.to_bytes(16, "big")) + encryptor.finalize()).hex())
    return made


@settings(deadline=None)
@given(LINES)
def test_an_id_is_the_line_number_under_aes(lines: list[int]) -> None:
    assert ids(lines) == one_by_one(lines)


@settings(deadline=None)
@given(LINES)
def test_ids_of_one_file_never_collide(lines: list[int]) -> None:
    assert len(set(ids(lines))) == len(lines)


@settings(deadline=None)
@given(LINES, st.integers(0, 60))
def test_an_id_does_not_depend_on_the_records_beside_it(lines: list[int], cut: int) -> None:
    assert ids(lines[:cut]) + ids(lines[cut:]) == ids(lines)


@settings(deadline=None)
@given(LINES)
def test_order_is_the_order_of_the_text(lines: list[int]) -> None:
    blocks = rowid.row_ids(ZONE, DATASET, "sshd", "0011223344556677", np.array(lines, dtype=np.int64))
    assert rowid.text(blocks[rowid.order(blocks)]).to_pylist() == sorted(ids(lines))


def test_two_releases_of_one_zone_share_no_id() -> None:
    lines = list(range(1, 200))
    others = [DATASET.model_copy(update={"audience": "external"}), DATASET.model_copy(update={"name": "other"})]
    made = [ids(lines), *(ids(lines, dataset=other) for other in others)]
    assert len(set().union(*made)) == 3 * len(lines)


def test_ids_differ_by_source_by_file_and_by_zone() -> None:
    lines = list(range(1, 200))
    kinds = [
        ids(lines),
        ids(lines, source="edge"),
        ids(lines, file="ffffffffffffffff"),
        ids(lines, zone=Zone("test", bytes(32))),
    ]
    assert len(set().union(*kinds)) == 4 * len(lines)


def test_order_of_ids_does_not_follow_lines() -> None:
    blocks = rowid.row_ids(ZONE, DATASET, "sshd", "0011223344556677", np.arange(1, 5001, dtype=np.int64))
    places = rowid.order(blocks)
    assert abs(np.corrcoef(places, np.arange(5000))[0, 1]) < 0.1
    assert sorted(places.tolist()) == list(range(5000))
