"""A bundle verifies under its key over exactly its payload, and under nothing else."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # its own __init__ imports it

from custody.errors import RefusedError
from custody.records.strict import strict_json
from custody.trust import bundle, stored
from custody.trust.signers import key_id
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
        lambda text: text + b" " * (stored.LIMIT + 1),
    ],
)
def test_what_is_no_bundle_is_refused_in_one_line(harm: Any) -> None:
    with pytest.raises(RefusedError, match="x: is not a signature bundle") as no:
        bundle.read(harm(_text(bundle.sign(b"{}", KEY))), "x")
    assert "\n" not in str(no.value)


def _library(text: bytes, key: Any) -> tuple[bytes, bool] | None:
    """The payload and whether it is signed, as securesystemslib has it; None for what it does not take."""
    try:
        value = strict_json(text)
        hint, inner = value["verificationMaterial"]["publicKey"]["hint"], value["dsseEnvelope"]
        (signature,) = inner["signatures"]
        if not isinstance(signature.get("keyid"), str) or not signature["keyid"]:
            inner = {**inner, "signatures": [{**signature, "keyid": hint}]}
        envelope = Envelope.from_dict(json.loads(json.dumps(inner)))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError):
        return None
    if (value.get("mediaType"), envelope.payload_type, type(hint)) != (bundle.MEDIA_TYPE, bundle.PAYLOAD_TYPE, str):
        return None
    named = key_id(key)
    try:
        envelope.verify([SSlibKey.from_crypto(key, keyid=named)], 1)
    except (VerificationError, ValueError):
        return envelope.payload, False
    return envelope.payload, named == hint and list(envelope.signatures) == [named]


def _ours(text: bytes, key: Any) -> tuple[bytes, bool] | None:
    try:
        opened = bundle.read(text, "x")
    except RefusedError:
        return None
    return opened.payload, opened.is_by(key)


URLSAFE = bytes.maketrans(b"+/", b"-_")
STRANGE: list[Any] = ["", "=", "AA", "AA==", "AA==\n", " AA==", "A-_/", "é", "\ud800", 1, None, [], {}, "a" * 64]


@pytest.mark.parametrize("place", ["payload", "payloadType", "sig", "keyid", "hint", "more"])
def test_hostile_bundles_are_to_us_what_they_are_to_the_library(ada: Signer, place: str) -> None:
    key, whole = ada.key.public_key(), json.dumps(bundle.sign(b'{"a":"\xff\xfe\xfd"}', ada.key))
    assert _ours(whole.encode(), key) == _library(whole.encode(), key) == (b'{"a":"\xff\xfe\xfd"}', True)
    for odd in STRANGE:
        value = json.loads(whole)
        inner = value["dsseEnvelope"]
        at = {"sig": inner["signatures"][0], "keyid": inner["signatures"][0], "more": inner["signatures"][0]}
        at["hint"] = value["verificationMaterial"]["publicKey"]
        at.get(place, inner)[place] = odd
        assert _ours(_text(value), key) == _library(_text(value), key), odd
        at.get(place, inner).pop(place)
        assert _ours(_text(value), key) == _library(_text(value), key)


def test_either_alphabet_of_base64_is_read(ada: Signer) -> None:
    text = _text(bundle.sign(b"\xfb\xef\xbe" * 9, ada.key))
    value = json.loads(text)
    for part in (value["dsseEnvelope"], value["dsseEnvelope"]["signatures"][0]):
        for name in ("payload", "sig"):
            part[name] = part.get(name, "").encode().translate(URLSAFE).decode()
    value["dsseEnvelope"].pop("sig")
    value["dsseEnvelope"]["signatures"][0].pop("payload")
    assert _ours(_text(value), ada.key.public_key()) == (b"\xfb\xef\xbe" * 9, True)
    assert _library(_text(value), ada.key.public_key()) == (b"\xfb\xef\xbe" * 9, True)


@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_any_changed_byte_is_to_us_what_it_is_to_the_library(place: int, byte: int) -> None:
    text = bytearray(_text(bundle.sign(b'{"a":1}', KEY)))
    text[place % len(text)] = byte
    assert _ours(bytes(text), KEY.public_key()) == _library(bytes(text), KEY.public_key())
