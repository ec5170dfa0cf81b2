"""Signers of a test's own: a private key, and its line in a file of trusted keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from custody.trust import keyfile, signers

if TYPE_CHECKING:
    from pathlib import Path


class Signer:
    """A key on disk under the name of its signer."""

    def __init__(self, folder: Path, name: str, kind: Any = "ecdsa") -> None:
        self.name, self.path = name, folder / f"{name}.pem"
        self.key = keyfile.create(self.path, kind)

    def entry(self, **changed: str) -> dict[str, str]:
        """What `.custody/trust.yaml` says of it."""
        told = {"owner": f"team of {self.name}", "role": "releaser", "from": "2026-01-01", "until": "2999-01-01"}
        return {"key": keyfile.public(self.key), **told, **changed}


def trust(**entries: dict[str, str]) -> bytes:
    """A file of trusted keys."""
    return yaml.safe_dump({"signers": entries}).encode()


def believed(**entries: dict[str, str]) -> signers.Trust:
    """The same, read."""
    return signers.read(trust(**entries), "trust.yaml")
