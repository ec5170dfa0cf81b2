"""A private key is made once, read by its owner alone, and of a kind that is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from custody.errors import CustodyError
from custody.trust import keyfile

if TYPE_CHECKING:
    from pathlib import Path

OTHER = [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)]
NONE = [b"", b"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n", b"x" * 100_000]


def test_a_key_is_made_for_its_owner_alone_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ada.pem"
    made = keyfile.create(path, "ecdsa")
    assert path.stat().st_mode & 0o777 == 0o600
    assert keyfile.public(keyfile.read(path)) == keyfile.public(made)
    before = path.read_bytes()
    with pytest.raises(CustodyError, match="is there already"):
        keyfile.create(path, "ecdsa")
    assert path.read_bytes() == before


def test_a_key_that_others_can_read_stops(tmp_path: Path) -> None:
    keyfile.create(tmp_path / "ada.pem", "ed25519")
    (tmp_path / "ada.pem").chmod(0o640)
    with pytest.raises(CustodyError, match="others can read"):
        keyfile.read(tmp_path / "ada.pem")


@pytest.mark.parametrize("text", NONE, ids=["empty", "cut", "large"])
def test_what_is_no_key_stops(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "ada.pem"
    path.write_bytes(text)
    path.chmod(0o600)
    with pytest.raises(CustodyError, match="KEY: is no private key in PEM"):
        keyfile.read(path)


@pytest.mark.parametrize("key", OTHER, ids=["P-384", "RSA"])
def test_another_kind_stops(tmp_path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    path = tmp_path / "ada.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    with pytest.raises(CustodyError, match="of a kind that is not believed"):
        keyfile.read(path)
