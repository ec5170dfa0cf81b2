from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.techniques import EncryptDeterministic
from custody.privacy.canonical import canonical
from custody.privacy.techniques import encrypt_deterministic
from custody.records.zone import Zone
from support import ZONE

PERSON = EncryptDeterministic(role="direct", technique="encrypt_deterministic", domain="person")


def tokens_of(values: list[str | None], column: EncryptDeterministic = PERSON, zone: Zone = ZONE) -> list[str | None]:
    result: list[str | None] = encrypt_deterministic.apply(
        pa.array(values, pa.string()), column, "user", zone
    ).to_pylist()
    return result


@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=10))
def test_the_key_holder_gets_the_canonical_value_back(values: list[str | None]) -> None:
    identities = canonical(pa.array(values, pa.string()), "user").to_pylist()
    back = [token and encrypt_deterministic.reveal(token, "person", ZONE) for token in tokens_of(values)]
    assert back == identities


def test_equal_values_have_equal_tokens_whatever_the_partition() -> None:
    assert tokens_of(["Alice", "bob", "ALICE"]) == [tokens_of([name])[0] for name in ("alice", "bob", "alice")]


def test_a_token_is_plain_text_and_hides_the_value() -> None:
    (token,) = tokens_of(["alice"])
    assert token
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_domains_and_zones_are_apart() -> None:
    other = EncryptDeterministic(role="direct", technique="encrypt_deterministic", domain="device")
    foreign = Zone("foreign", bytes(range(1, 33)))
    assert len({tokens_of(["bob"])[0], tokens_of(["bob"], other)[0], tokens_of(["bob"], zone=foreign)[0]}) == 3


@pytest.mark.parametrize("keep", [slice(0, -2), slice(2, None), slice(0, 3), slice(0, 0)])
def test_an_altered_token_is_refused_without_being_shown(keep: slice) -> None:
    altered = str(tokens_of(["alice"])[0])[keep] + "17"
    with pytest.raises(CustodyError, match="no token of zone test and domain person") as caught:
        encrypt_deterministic.reveal(altered, "person", ZONE)
    assert altered not in str(caught.value)


def test_a_token_of_another_domain_is_refused() -> None:
    token = tokens_of(["alice"])[0]
    assert token
    with pytest.raises(CustodyError):
        encrypt_deterministic.reveal(token, "device", ZONE)
