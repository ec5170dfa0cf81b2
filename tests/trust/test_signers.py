"""Whose signatures count: a closed file, keys of two kinds, one signer per key."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from custody.errors import CustodyError
from custody.trust import signers
from trust.signing_keys import Signer, believed, trust

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", ["ecdsa", "ed25519"])
def test_both_kinds_of_key_are_read(tmp_path: Path, kind: str) -> None:
    ada = Signer(tmp_path, "ada", kind)
    assert list(believed(ada=ada.entry()).by_key_id()) == [signers.key_id(ada.key.public_key())]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": "bm8ga2V5"}, "is no public key"),
        ({"key": "§"}, "is no public key"),
        ({"role": "Releaser!"}, r"signers\.ada\.role"),
        ({"from": "soon"}, r"signers\.ada\.from"),
        ({"status": "unsure"}, r"signers\.ada\.status"),
        ({"note": "hi"}, r"signers\.ada\.note"),
    ],
)
def test_a_wrong_entry_stops(tmp_path: Path, change: dict[str, str], words: str) -> None:
    ada = Signer(tmp_path, "ada")
    with pytest.raises(CustodyError, match=words) as stopped:
        signers.read(trust(ada=ada.entry(**change)), "trust.yaml")
    assert stopped.value.status == 3


@pytest.mark.parametrize("status", ["active", "retired"])
def test_a_day_of_loss_without_a_loss_stops(tmp_path: Path, status: str) -> None:
    """Else a key whose status somebody forgot would stay fully believed."""
    ada = Signer(tmp_path, "ada")
    believed(ada=ada.entry(status="compromised", since="2026-11-02"))
    with pytest.raises(CustodyError, match=rf"signers\.ada\.since: .* its status is {status}; write status") as stopped:
        believed(ada=ada.entry(status=status, since="2026-11-02"))
    assert stopped.value.status == 3


OTHER = [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)]


@pytest.mark.parametrize("key", OTHER, ids=["P-384", "RSA"])
def test_another_kind_of_key_is_not_believed(
    tmp_path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
) -> None:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    entry = Signer(tmp_path, "ada").entry(key=base64.b64encode(der).decode())
    with pytest.raises(CustodyError, match="of a kind that is not believed"):
        signers.read(trust(ada=entry), "trust.yaml")


def test_one_key_under_two_names_stops(tmp_path: Path) -> None:
    ada = Signer(tmp_path, "ada")
    with pytest.raises(CustodyError, match="two signers share one key"):
        signers.read(trust(ada=ada.entry(), bob=ada.entry()), "trust.yaml")
