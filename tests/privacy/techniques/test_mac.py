from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.techniques import Mac
from custody.privacy.canonical import canonical
from custody.privacy.techniques import mac, tokens
from custody.records.zone import Zone
from support import ZONE

if TYPE_CHECKING:
    from custody.policy.schema import FieldType

PERSON = Mac(role="direct", technique="mac", domain="person")
NAMES = st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=30)


def tokens_of(values: list[str | None], kind: FieldType = "user", column: Mac = PERSON, zone: Zone = ZONE) -> list[str]:
    result: list[str] = mac.apply(pa.array(values, pa.string()), column, kind, zone).to_pylist()
    return result


def test_a_token_is_the_hmac_of_the_canonical_value_in_base32() -> None:
    digest = hmac.new(ZONE.derive("pseudonym/person/1"), b"alice", hashlib.sha256).digest()
    assert tokens_of([" Alice "]) == [base64.b32encode(digest[:15]).decode().lower()]


def test_a_token_keeps_at_least_100_bits() -> None:
    assert mac.SIZE * 8 >= 100


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        ("user", ["alice", "Alice", "ALICE", " alice\t"]),  # sources differ in case
        ("user", ["STRASSE", "straße"]),  # full case folding, not lower case
        ("user", ["é", "É", "e\u0301"]),  # composed, capital, decomposed
        ("email", ["Bob@Corp.COM", "bob@corp.com"]),
        ("ip", ["2001:db8::1", "2001:0DB8:0:0::1"]),
        ("ip", ["10.0.0.1", "::ffff:10.0.0.1"]),  # IPv4-mapped
        ("mac", ["AA:bb:cc:00:11:22", "aa:bb:cc:00:11:22"]),
    ],
)
def test_all_spellings_of_one_identity_share_one_token(kind: FieldType, spellings: list[str]) -> None:
    assert len(set(tokens_of([*spellings], kind))) == 1


def test_one_person_has_one_token_across_columns_of_a_domain_and_another_in_other_domains_and_zones() -> None:
    other = Mac(role="direct", technique="mac", domain="device")
    assert tokens_of(["Bob@Corp.com"], "user") == tokens_of(["bob@corp.com"], "email")
    assert tokens_of(["bob"]) != tokens_of(["bob"], column=other)
    assert tokens_of(["bob"]) != tokens_of(["bob"], zone=Zone("other", bytes(range(1, 33))))


def test_numbers_and_texts_of_the_same_identity_share_one_token() -> None:
    expected = tokens_of(["7"])
    assert mac.apply(pa.array([7], pa.int64()), PERSON, "integer", ZONE).to_pylist() == expected
    assert mac.apply(pa.array([7.0], pa.float64()), PERSON, "number", ZONE).to_pylist() == expected


def test_text_keeps_its_case() -> None:
    assert len(set(tokens_of(["Report", "report"], "text"))) == 2


@given(NAMES)
def test_distinct_identities_get_distinct_tokens_and_null_stays_null(values: list[str | None]) -> None:
    written = tokens_of(values)
    identities = canonical(pa.array(values, pa.string()), "user").to_pylist()
    assert [token is None for token in written] == [value is None for value in values]
    assert len(set(zip(identities, written, strict=True))) == len(set(identities)) == len(set(written))


@given(NAMES, st.integers(0, 30))
def test_partitions_do_not_matter(values: list[str | None], cut: int) -> None:
    assert tokens_of(values) == tokens_of(values[:cut]) + tokens_of(values[cut:])


def test_what_is_remembered_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str | None] = [f"user{i}" for i in range(100)]
    first = tokens_of(names)
    monkeypatch.setattr(tokens, "LIMIT", 7)
    assert tokens_of(names) == first
    assert [token for name in names for token in tokens_of([name])] == first


def test_an_epoch_has_tokens_of_its_own_in_its_domain_alone() -> None:
    later = ZONE.at({"person": 2})
    assert not set(tokens_of(["bob", "eve"])) & set(tokens_of(["bob", "eve"], zone=later))
    other = Mac(role="direct", technique="mac", domain="device")
    assert tokens_of(["bob"], column=other) == tokens_of(["bob"], column=other, zone=later)
