from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError, RefusedError
from custody.policy.techniques import EncryptDeterministic
from custody.privacy.canonical import canonical
from custody.privacy.techniques import encrypt_deterministic
from custody.records.zone import Zone
from support import ZONE

PERSON = EncryptDeterministic(role="direct", technique="encrypt_deterministic", domain="person")

OWN = ZONE.reversible or ZONE


def tokens_of(values: list[str | None], column: EncryptDeterministic = PERSON, zone: Zone = ZONE) -> list[str | None]:
    result: list[str | None] = encrypt_deterministic.apply(
        pa.array(values, pa.string()), column, "user", zone
    ).to_pylist()
    return result


@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=10))
def test_the_key_holder_gets_the_canonical_value_back(values: list[str | None]) -> None:
    identities = canonical(pa.array(values, pa.string()), "user").to_pylist()
    back = [token and encrypt_deterministic.reveal(token, "person", OWN) for token in tokens_of(values)]
    assert back == identities


def test_equal_values_have_equal_tokens_whatever_the_partition() -> None:
    assert tokens_of(["Alice", "bob", "ALICE"]) == [tokens_of([name])[0] for name in ("alice", "bob", "alice")]


def test_a_token_is_plain_text_and_hides_the_value() -> None:
    (token,) = tokens_of(["alice"])
    assert token
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_domains_and_zones_are_apart() -> None:
    other = EncryptDeterministic(role="direct", technique="encrypt_deterministic", domain="device")
    foreign = Zone("test", ZONE.secret, reversible=Zone("test", bytes(range(1, 33))))
    assert len({tokens_of(["bob"])[0], tokens_of(["bob"], other)[0], tokens_of(["bob"], zone=foreign)[0]}) == 3


@pytest.mark.parametrize("keep", [slice(0, -2), slice(2, None), slice(0, 3), slice(0, 0)])
def test_an_altered_token_is_refused_without_being_shown(keep: slice) -> None:
    altered = str(tokens_of(["alice"])[0])[keep] + "17"
    with pytest.raises(
        CustodyError, match="was not made with this secret of zone test in domain person and epoch 1"
    ) as caught:
        encrypt_deterministic.reveal(altered, "person", OWN)
    assert altered not in str(caught.value)


def test_a_token_of_another_domain_is_refused() -> None:
    token = tokens_of(["alice"])[0]
    assert token
    with pytest.raises(RefusedError):
        encrypt_deterministic.reveal(token, "device", OWN)


def test_epochs_are_apart_and_an_epoch_comes_back_as_it_was() -> None:
    second = ZONE.at({"person": 2})
    assert second.reversible
    (first,), (later,) = tokens_of(["bob"]), tokens_of(["bob"], zone=second)
    assert first
    assert first != later
    assert encrypt_deterministic.reveal(str(later), "person", second.reversible) == "bob"
    assert tokens_of(["bob"], zone=second.at({})) == [first]
    with pytest.raises(RefusedError, match="epoch 2"):
        encrypt_deterministic.reveal(first, "person", second.reversible)


def test_the_zone_secret_alone_makes_no_reversible_token() -> None:
    with pytest.raises(CustodyError, match="keys init test --reversible"):
        tokens_of(["bob"], zone=Zone("test", ZONE.secret))
