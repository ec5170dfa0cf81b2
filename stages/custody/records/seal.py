"""Sealing: deterministic authenticated encryption of a file under a zone key.

File key = HKDF(zone, HMAC-SHA-256(label ‖ plaintext)). The content is cut into chunks, each AES-256-GCM under that key
with a counter and a last-chunk flag in the nonce (the STREAM construction: Hoang, Reyhanitabar, Rogaway and Vizár,
2015); after the last chunk the HMAC is computed again. Equal content under one label gives equal bytes, so DVC's
content addressing keeps working; what an observer learns is that two files are equal. A flipped bit, a cut tail, a
swapped or repeated chunk and a wrong label are refused.
"""

from __future__ import annotations

import hmac
import io
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.records.zone import Zone

MAGIC = b"CUSTODY\x01"
CHUNK = 1 << 20
_TAG = 16
_MAC = 32
HEADER = len(MAGIC) + _MAC


def seal(data: bytes, label: str, zone: Zone) -> bytes:
    """Return `data` sealed under `label`, the name under which alone it opens."""
    out = io.BytesIO()
    seal_stream(io.BytesIO(data), out, label, zone)
    return out.getvalue()


def unseal(sealed: bytes, label: str, zone: Zone) -> bytes:
    """Return the content; `CustodyError` when a byte, the label or the key is not the one it was sealed with."""
    return b"".join(_chunks(io.BytesIO(sealed), label, zone))


def seal_stream(source: BinaryIO, target: BinaryIO, label: str, zone: Zone) -> None:
    """Seal a seekable file in constant memory; it is read twice and must not change in between."""
    mac = _mac(label, zone)
    start = source.tell()
    while block := source.read(CHUNK):
        mac.update(block)
    tag = mac.digest()
    source.seek(start)
    target.write(MAGIC + tag)
    cipher = AESGCM(_file_key(tag, label, zone))
    again = _mac(label, zone)
    count, block = 0, source.read(CHUNK)
    while True:
        again.update(block)
        following = source.read(CHUNK) if len(block) == CHUNK else b""
        target.write(cipher.encrypt(_nonce(count, last=not following), block, MAGIC))
        if not following:
            break
        count, block = count + 1, following
    if not hmac.compare_digest(tag, again.digest()):
        raise CustodyError(f"{label}: changed while it was being sealed; try again when nothing writes to it")


def mark(sealed: bytes) -> bytes:
    """Return the HMAC of label and content that a sealed file begins with; what opens under it is that content."""
    return sealed[len(MAGIC) : HEADER]


def is_sealed(head: bytes) -> bool:
    """True where a file that begins so is a sealed one."""
    return head.startswith(MAGIC)


def open_sealed(source: BinaryIO, label: str, zone: Zone) -> BinaryIO:
    """Read a sealed file as a stream, in constant memory; the last read raises if it is not what was sealed."""
    return io.BufferedReader(_Unsealing(_chunks(source, label, zone)), CHUNK)  # type: ignore[type-var]


class _Unsealing(io.RawIOBase):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def _chunks(source: BinaryIO, label: str, zone: Zone) -> Iterator[bytes]:
    header = source.read(HEADER)
    if len(header) < HEADER or not is_sealed(header):
        raise CustodyError(
            f"{label}: is not a sealed file, or is cut short; restore it (dvc checkout) or run the stage again"
        )
    tag = header[len(MAGIC) :]
    cipher, mac = AESGCM(_file_key(tag, label, zone)), _mac(label, zone)
    count, block = 0, source.read(CHUNK + _TAG)
    while True:
        following = source.read(CHUNK + _TAG)
        try:
            chunk = cipher.decrypt(_nonce(count, last=not following), block, MAGIC)
        except (InvalidTag, ValueError):
            raise CustodyError(_ALTERED.format(label)) from None
        mac.update(chunk)
        yield chunk
        if not following:
            break
        count, block = count + 1, following
    if not hmac.compare_digest(tag, mac.digest()):
        raise CustodyError(_ALTERED.format(label))


_ALTERED = "{}: was altered, belongs elsewhere or was sealed with another key; restore it or check keys.zone"


def _mac(label: str, zone: Zone) -> hmac.HMAC:
    mac = hmac.new(zone.derive("seal/mac"), digestmod="sha256")
    name = label.encode()
    mac.update(len(name).to_bytes(4, "big") + name)
    return mac


def _file_key(tag: bytes, label: str, zone: Zone) -> bytes:
    return HKDF(SHA256(), 32, salt=tag, info=b"custody/seal/v1|" + label.encode()).derive(zone.derive("seal/key"))


def _nonce(count: int, *, last: bool) -> bytes:
    return count.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
