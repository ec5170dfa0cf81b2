from __future__ import annotations

import base64
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.attack import functions

CASES = [
    # function, what it makes of "alice"
    ("md5", "6384e2b2184bcbf58eccf10ca7a6563c"),
    ("sha1", "522b276a356bdf39013dfabea2cd43e141ecc9e8"),
    ("sha256", "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90"),
    ("crc32", f"{zlib.crc32(b'alice'):08x}"),
]


@pytest.mark.parametrize(("name", "expected"), CASES)
def test_digests_are_the_standard_ones(name: str, expected: str) -> None:
    assert functions.DIGESTS[name](b"alice").hex() == expected


def test_public_words_are_tried_as_salt_and_as_key() -> None:
    found = functions.mixed(["person"])
    assert {*found} == {"hmac:", "hmac:person", "salted:person"}
    assert found["salted:person"](b"alice") == hashlib.sha256(b"personalice").digest()
    assert found["hmac:"](b"alice") != found["hmac:person"](b"alice") != hashlib.sha256(b"alice").digest()


@given(st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable()))
def test_an_encoding_is_never_the_text_itself(text: str) -> None:
    found = functions.encoded(text)
    assert text not in found
    assert base64.b64encode(text.encode()).decode() in found or base64.b64encode(text.encode()).decode() == text
    assert text.encode().hex() in found


def test_a_number_backwards_is_no_encoding() -> None:
    assert "654321" not in functions.encoded("123456")
    assert "htims.anna" in functions.encoded("anna.smith")
