"""An address that Crypto-PAn leaves as it is does not stand in a release."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from custody.privacy.techniques import ip_prefix
from custody.privacy.techniques import registry as techniques
from custody.privacy.text import identifiers
from custody.privacy.text import known as knowns
from privacy.folders import Source, anonymized, at, privacy, texts
from support import ZONE

COLUMN = privacy().columns["src_ip"]
PAIRS = 200_000


@pytest.fixture(scope="module")
def own_images() -> list[str]:
    """Addresses that are their own image, found by trying many."""
    packed = np.random.default_rng(7).integers(0, 256, (PAIRS, 4), dtype=np.uint8)
    images = ip_prefix.preserve(packed, ZONE.derive("ip-prefix/network/1", 64)[:32])
    same = packed[(packed == images).all(axis=1)]
    return [str(ipaddress.IPv4Address(bytes(address))) for address in same]


def test_crypto_pan_leaves_one_address_in_some_thousands_as_it_is(own_images: list[str]) -> None:
    assert 1 / 60_000 < len(own_images) / PAIRS < 1 / 1_000
    assert len(own_images) > 0


def test_its_cell_is_left_empty_and_all_others_stay(own_images: list[str]) -> None:
    values = pa.array([own_images[0], "192.0.2.1", None, "2001:db8::1"])
    done = techniques.transform(values, COLUMN, "ip", ZONE).values
    assert done is not None
    written = done.to_pylist()
    assert written[0] is None
    assert written[2] is None
    assert {written[1], written[3]}.isdisjoint({None, "192.0.2.1", "2001:db8::1"})
    encoded = techniques.transform(values.dictionary_encode(), COLUMN, "ip", ZONE).values
    assert encoded == done


def test_redaction_writes_a_placeholder_for_it(own_images: list[str]) -> None:
    values = pa.array(sorted([own_images[0], "192.0.2.1"]))
    listed = [identifiers.Identifiers("src_ip", "ip", values, pa.array([], pa.string()))]
    names = knowns.build(listed, privacy().columns, ZONE)
    written = dict(zip(names.names.to_pylist(), names.replacements.to_pylist(), strict=True))
    assert written.pop(own_images[0]) == "<ip>"
    assert written != {"192.0.2.1": "<ip>"}


def test_a_candidate_holds_it_nowhere(tmp_path: Path, own_images: list[str]) -> None:
    address = own_images[0]
    rows = [{"user": f"person{i}", "src_ip": address, "ts": at(1), "message": f"from {address}"} for i in range(3)]
    done = anonymized(tmp_path, [Source(rows)], privacy())
    assert done.body["leaks"]["residual"] == 0
    assert done.body["columns"]["src_ip"]["emptied"] == 3
    assert done.rows.column("message").to_pylist() == ["from <ip>"] * 3
    assert not any(address in text for text in texts(done.rows))
