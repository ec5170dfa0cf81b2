"""People of a test's own: an identity on disk, and their lines in `.custody/trust.yaml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from custody.governance import identity, roles
from custody.governance.roles import Holders

if TYPE_CHECKING:
    from pathlib import Path

ROLES = {
    "engineer": ["pipeline"],
    "officer": ["pipeline", "reidentify"],
    "releaser": ["release"],
    "guest": [],
}


class Person:
    """Somebody with a private key under `folder`."""

    def __init__(self, folder: Path, name: str, role: str = "engineer", kind: str = "age") -> None:
        self.name, self.role, self.file = name, role, folder / f"{name}.key"
        if kind == "age":
            self.key = identity.create(self.file).recipient
        else:
            key = ed25519.Ed25519PrivateKey.generate() if kind == "ed25519" else rsa.generate_private_key(65537, 2048)
            self.file.touch(0o600)
            self.file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
            public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
            self.key = f"{public} {name}@example.com"

    @classmethod
    def at(cls, folder: Path, name: str, role: str = "engineer") -> Person:
        """Somebody whose private key is there already."""
        found = cls.__new__(cls)
        found.name, found.role, found.file = name, role, folder / f"{name}.key"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CUSTODY_IDENTITY", str(found.file))
            [one] = identity.mine()
        found.key = one.recipient
        return found

    def entry(self) -> dict[str, str]:
        """What `recipients` says of them."""
        return {"key": self.key, "role": self.role}


def holders(*people: Person) -> Holders:
    """All of them, with the roles above, read as the file is."""
    return Holders(**roles.held({"roles": ROLES, "recipients": {one.name: one.entry() for one in people}}))
