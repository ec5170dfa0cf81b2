"""A stranger without the key gets nothing out of keyed pseudonyms, and everything out of plain hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from custody.engine import pool
from custody.privacy.attack import attacking, directory
from custody.privacy.attack.targets import Targets, targets
from privacy.folders import SCHEMA, Candidate, Source, anonymized, at, privacy
from privacy.people import PEOPLE, records, told

HASHED: Any = {**SCHEMA, "code": "category", "email": "email"}
COLUMNS: dict[str, Any] = {
    "code": {"role": "insensitive", "technique": "keep"},
    "email": {"role": "direct", "technique": "mac", "domain": "mail"},
}


def digest(name: str, size: int | None = None) -> Callable[[str], str]:
    return lambda text: hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()[:size]


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


PLAIN: dict[str, tuple[Callable[[str], str], str]] = {
    # what a source did to its account names, and what the attack calls it
    "md5": (digest("md5"), "md5"),
    "sha1": (digest("sha1"), "sha1"),
    "sha256": (digest("sha256"), "sha256"),
    "sha256 cut": (digest("sha256", 16), "sha256"),
    "sha512 in base64": (lambda text: base64.b64encode(hashlib.sha512(text.encode()).digest()).decode(), "sha512"),
    "md5 with a line end": (lambda text: digest("md5")(f"{text}\n"), "md5"),
    "md5 of capitals": (lambda text: digest("md5")(text.upper()), "md5"),
    "crc32": (lambda text: f"{zlib.crc32(text.encode()):08x}", "crc32"),
    "hmac without a key": (lambda text: hmac.digest(b"", text.encode(), "sha256").hex(), "hmac:"),
    "hmac under the domain": (lambda text: hmac.digest(b"person", text.encode(), "sha256").hex(), "hmac:person"),
    "salted with the zone": (lambda text: digest("sha256")(f"test{text}"), "salted:test"),
    "hexadecimal": (lambda text: text.encode().hex(), "encoding"),
    "base64": (b64, "encoding"),
}


def hashed(root: Path, function: Callable[[str], str], size: int = 65_536, **how: Any) -> Candidate:
    """Run the stage over a source that brings codes of its own for account names, in a column that is kept."""
    rows = [
        {**row, "code": function(row["user"].casefold()), "email": f"{row['user']}@corp.example"} for row in records(70)
    ]
    return anonymized(root, [Source(rows)], privacy(COLUMNS, **how), HASHED, size)


@pytest.mark.parametrize("what", PLAIN)
def test_a_plain_hash_of_a_name_is_found_whatever_the_column_is_called(tmp_path: Path, what: str) -> None:
    function, called = PLAIN[what]
    found = hashed(tmp_path, function).body["attack"]
    assert found["by_function"].get(called, 0) >= 6, found
    assert found["hits"] >= 6
    assert not any(name.casefold() in json.dumps(found).casefold() for name in PEOPLE)


def test_keyed_pseudonyms_give_nothing_away(tmp_path: Path) -> None:
    found = hashed(tmp_path, lambda _: "none").body["attack"]
    assert (found["hits"], found["by_function"], found["mode"]) == (0, {}, "known")
    assert found["targets"] >= 14  # the tokens of seven people and seven mailboxes
    assert found["guesses"] >= 4 * 14
    assert found["pairs"] == 33


def test_one_partition_or_many_processes_or_one_find_the_same(tmp_path: Path) -> None:
    whole = hashed(tmp_path / "whole", PLAIN["md5"][0])
    parts = hashed(tmp_path / "parts", PLAIN["md5"][0], size=11)
    assert told(whole.body)["attack"] == told(parts.body)["attack"]
    rows = records(40)
    one = anonymized(tmp_path / "one", [Source(rows)], privacy(), size=9)
    two = anonymized(tmp_path / "two", [Source(rows)], privacy(), size=9, run=pool.of(2))
    assert one.body["attack"] == two.body["attack"]


def test_a_pseudonym_of_a_quasi_identifier_is_attacked_too(tmp_path: Path) -> None:
    column = {"role": "quasi", "technique": "mac", "domain": "area"}
    rows = [
        {"user": "u", "area": area, "event": digest("sha1")(area), "ts": at(1)} for area in ("northern", "southern")
    ]
    assert anonymized(tmp_path, [Source(rows)], privacy({"area": column})).body["attack"]["hits"] == 2


def test_a_hash_of_a_name_in_redacted_text_is_found(tmp_path: Path) -> None:
    rows = [{**row, "message": f"login of uid={digest('md5')(row['user'].casefold())} ok"} for row in records(14)]
    found = anonymized(tmp_path, [Source(rows)], privacy()).body["attack"]
    assert found["by_function"] == {"md5": 7}


def test_a_full_attack_tries_the_directories_as_well(tmp_path: Path) -> None:
    """Nobody in the data is called so: only the directory knows the names behind the codes."""
    strangers = [digest("sha256")(text) for text in ("wei.zhang", "ivan.petrov@corp.example")]
    rows = [{"user": f"u{i}", "code": code, "email": "x@corp.example", "ts": at(1)} for i, code in enumerate(strangers)]
    known = anonymized(tmp_path / "known", [Source(rows)], privacy(COLUMNS), HASHED).body["attack"]
    full = anonymized(tmp_path / "full", [Source(rows)], privacy(COLUMNS, attack="full"), HASHED).body["attack"]
    assert (known["hits"], full["hits"], full["by_function"]) == (0, 2, {"sha256": 2})
    assert full["guesses"] > 9 * len(directory.names())


def test_every_address_of_a_private_network_is_guessed() -> None:
    codes = [digest("sha1", 24)("10.77.20.248"), digest("md5")("10.77.0.1"), digest("md5")("10.78.0.1")]
    against = attacking.Against(targets(pa.chunked_array([pa.array(codes)]), 1), 1, ())
    tried = attacking.attempt(against, attacking.Network(10, 77))
    assert tried.guesses == 65_536
    assert dict(tried.found) == {("sha1", 64): 1, ("md5", 64): 1}


def test_rfc_1918_is_tried_only_where_a_column_of_addresses_has_tokens(tmp_path: Path) -> None:
    from custody.privacy.inputs import open_inputs  # noqa: PLC0415
    from privacy.folders import DATASET, folders  # noqa: PLC0415

    collected, validated = folders(tmp_path, [Source(records(3))])
    mac = {"src_ip": {"role": "direct", "technique": "mac", "domain": "network"}}
    for columns, networks in ((mac, len(directory.NETWORKS)), ({}, 0)):
        inputs = open_inputs(collected, validated, DATASET, privacy(columns, attack="full"))
        blocks = attacking.blocks(inputs, [], full=True)
        assert sum(isinstance(block, attacking.Network) for block in blocks) == networks


def test_32_bits_that_chance_explains_are_no_hit() -> None:
    many = Targets(short=targets(pa.chunked_array([pa.array([f"{i:08x}" for i in range(5000)])]), 1).short)
    assert not attacking.beyond_chance({("md5", 32): 3, ("crc32", 32): 2}, 1_000_000, many)
    assert attacking.beyond_chance({("crc32", 32): 70}, 1_000_000, many) == {"crc32": 70}
    assert attacking.beyond_chance({("md5", 64): 1}, 1_000_000, many) == {"md5": 1}
