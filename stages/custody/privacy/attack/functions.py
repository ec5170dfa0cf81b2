"""What a stranger computes of a guess: no secret goes in."""

from __future__ import annotations

import base64
import codecs
import hashlib
import hmac
import zlib
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Function = Callable[[bytes], bytes]


def _crc32(text: bytes) -> bytes:
    return zlib.crc32(text).to_bytes(4, "big")


def _plain(name: str) -> Function:
    constructor = getattr(hashlib, name)
    return lambda text: bytes(constructor(text, usedforsecurity=False).digest())


DIGESTS: Final[Mapping[str, Function]] = {
    **{
        name: _plain(name)
        for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
    },
    "crc32": _crc32,
}


def mixed(words: Iterable[str]) -> dict[str, Function]:
    """Return HMAC-SHA-256 and SHA-256 behind each public word and the empty one, `hmac:<word>` and `salted:<word>`."""
    keys = sorted({"", *words})
    keyed: dict[str, Function] = {f"hmac:{word}": partial(_hmac, word.encode()) for word in keys}
    return keyed | {f"salted:{word}": partial(_salted, word.encode()) for word in keys if word}


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def _salted(salt: bytes, text: bytes) -> bytes:
    return hashlib.sha256(salt + text).digest()


def encoded(text: str) -> list[str]:
    """Return what anyone reads back: hexadecimal, base32, base64 and its kin, backwards, ROT13.

    A number backwards is another number, and no encoding.
    """
    raw, letters = text.encode(), any(map(str.isalpha, text))
    padded = [base64.b32encode(raw), base64.b64encode(raw), base64.urlsafe_b64encode(raw), base64.b85encode(raw)]
    bare = [one.rstrip(b"=") for one in padded[:3]]
    texts = [raw.hex(), *(one.decode() for one in (*padded, *bare))]
    texts += [text[::-1], codecs.encode(text, "rot13")] if letters else []
    return sorted({*texts, padded[0].decode().lower(), bare[0].decode().lower(), raw.hex().upper()} - {text})
