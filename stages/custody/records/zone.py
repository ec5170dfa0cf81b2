"""A zone secret and the keys derived from it: one key per purpose, by HKDF-SHA-256 (RFC 5869).

Keys of pseudonyms carry the domain and its epoch in their label, so that each domain and each epoch has a key of its
own: pseudonyms of one identifier match only within both.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE = 32
FIRST = 1
"""The epoch of a domain that was never rotated."""


@dataclass(frozen=True)
class Zone:
    """A zone's name and root secret; the secret shows in no text form of the object."""

    name: str
    secret: bytes = field(repr=False)
    epochs: Mapping[str, int] = field(default_factory=dict, hash=False)
    """Epoch per pseudonym domain; one that is not named is in its first."""
    reversible: Zone | None = field(default=None, repr=False)
    """What pseudonyms that can be taken back are made with: a secret of its own, held by fewer people."""

    def derive(self, purpose: str, size: int = SIZE) -> bytes:
        """Return `size` bytes that only this zone and purpose yield."""
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  # late: costs 50 ms
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

        return HKDF(SHA256(), size, salt=b"custody/zone/v1", info=purpose.encode()).derive(self.secret)

    def pseudonym(self, purpose: str, domain: str, size: int = SIZE) -> bytes:
        """Return `size` bytes that only this zone, purpose, domain and the domain's epoch yield."""
        return self.derive(f"{purpose}/{domain}/{self.epoch(domain)}", size)

    def epoch(self, domain: str) -> int:
        """Return the epoch that a domain is in."""
        return self.epochs.get(domain, FIRST)

    def at(self, epochs: Mapping[str, int]) -> Zone:
        """Return this zone with its domains in these epochs."""
        return replace(self, epochs=dict(epochs), reversible=self.reversible and self.reversible.at(epochs))

    @property
    def generation(self) -> str:
        """The epochs as one text: equal exactly where every domain is in the same epoch."""
        return ",".join(f"{domain}={epoch}" for domain, epoch in sorted(self.epochs.items()) if epoch != FIRST)

    @property
    def check(self) -> str:
        """Fingerprint of the secret that stands in params.yaml: 16 hex digits."""
        return self.derive("check", 8).hex()
