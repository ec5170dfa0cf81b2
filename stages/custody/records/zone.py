"""A zone secret and the keys derived from it: one key per purpose, by HKDF-SHA-256 (RFC 5869)."""

from __future__ import annotations

from dataclasses import dataclass, field

SIZE = 32


@dataclass(frozen=True)
class Zone:
    """A zone's name and root secret; the secret shows in no text form of the object."""

    name: str
    secret: bytes = field(repr=False)

    def derive(self, purpose: str, size: int = SIZE) -> bytes:
        """Return `size` bytes that only this zone and purpose yield."""
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  # late: costs 50 ms
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

        return HKDF(SHA256(), size, salt=b"custody/zone/v1", info=purpose.encode()).derive(self.secret)

    @property
    def check(self) -> str:
        """Fingerprint of the secret that stands in params.yaml: 16 hex digits."""
        return self.derive("check", 8).hex()
