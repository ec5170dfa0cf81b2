"""A bundle verifies under its key over exactly its payload, and under nothing else."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import RefusedError
from custody.trust import bundle
from trust.signing_keys import Signer

if TYPE_CHECKING:
    from pathlib import Path

KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(params=["ecdsa", "ed25519"])
def ada(request: pytest.FixtureRequest, tmp_path: Path) -> Signer:
    return Signer(tmp_path, "ada", request.param)


def _text(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_a_bundle_is_by_its_key_alone(ada: Signer, tmp_path: Path) -> None:
    opened = bundle.read(_text(bundle.sign(b'{"a":1}', ada.key)), "x")
    assert opened.payload == b'{"a":1}'
    assert opened.is_by(ada.key.public_key())
    assert not opened.is_by(Signer(tmp_path, "bob").key.public_key())


def test_another_payload_under_the_signature_is_not_signed(ada: Signer) -> None:
    value = bundle.sign(b'{"a":1}', ada.key)
    value["dsseEnvelope"]["payload"] = base64.b64encode(b'{"a":2}').decode()
    assert not bundle.read(_text(value), "x").is_by(ada.key.public_key())


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_never_verifies_as_another_payload(place: int, bit: int) -> None:
    text = bytearray(_text(bundle.sign(b'{"a":1}', KEY)))
    text[place % len(text)] ^= 1 << bit
    try:
        opened = bundle.read(bytes(text), "x")
    except RefusedError:
        return
    assert opened.payload == b'{"a":1}' or not opened.is_by(KEY.public_key())


@pytest.mark.parametrize(
    "harm",
    [
        lambda _: b"",
        lambda _: b"[]",
        lambda _: b"\xff",
        lambda _: b"[" * 100_000,
        lambda text: text.replace(b"v0.3", b"v0.2"),
        lambda text: text.replace(b"vnd.in-toto", b"vnd.other"),
        lambda text: text.replace(b'"mediaType"', b'"mediaType": 1, "mediaType"'),
        lambda text: text.replace(b'"signatures": [', b'"signatures": [{"sig": "AA==", "keyid": "x"}, '),
        lambda text: text.replace(b'"hint": "', b'"hint": 7, "other": "'),
        lambda text: text + b" " * (bundle.LIMIT + 1),
    ],
)
def test_what_is_no_bundle_is_refused_in_one_line(harm: Any) -> None:
    with pytest.raises(RefusedError, match="x: is not a signature bundle") as no:
        bundle.read(harm(_text(bundle.sign(b"{}", KEY))), "x")
    assert "\n" not in str(no.value)
