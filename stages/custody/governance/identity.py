"""Who the user is: a private key of age or of SSH, out of a file that only its owner can read.

`CUSTODY_IDENTITY` names the file; else it is `custody/identity.txt` in the user's configuration folder, else
`~/.ssh/id_ed25519`. A file of age may hold several keys, one per line.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from custody.errors import CustodyError
from custody.governance import private
from custody.governance.keyring import config_folder

NAME: Final = "identity"
_TODO: Final = "make one (custody keys identity), or name yours with CUSTODY_IDENTITY"
_SSH: Final = b"-----BEGIN OPENSSH PRIVATE KEY-----"


@dataclass(frozen=True)
class Identity:
    """A private key, and the public one that secrets are wrapped to, in canonical form."""

    recipient: str
    opens: Any = field(repr=False)


def identity_path() -> Path | None:
    """Return the user's identity file; None where none is named and none is at the usual places."""
    named = os.environ.get("CUSTODY_IDENTITY")
    if named:
        return Path(named)
    usual = (default_path(), Path("~/.ssh/id_ed25519").expanduser())
    return next((path for path in usual if path.is_file()), None)


def default_path() -> Path:
    """Return where `custody keys identity` writes."""
    return config_folder() / "custody" / "identity.txt"


def mine() -> list[Identity]:
    """Return the user's identities; `CustodyError` where there are none, or their file is unusable."""
    path = identity_path()
    if path is None:
        raise CustodyError(f"{NAME}: there is none; {_TODO}")
    text = private.read(path, NAME, _TODO)
    return [_of_ssh(text)] if text.lstrip().startswith(_SSH) else _of_age(text)


def create(path: Path) -> Identity:
    """Make an identity of age and write it to `path`, which must not exist."""
    import pyrage  # noqa: PLC0415

    made = pyrage.x25519.Identity.generate()
    public = str(made.to_public())
    private.create(path, f"# public key: {public}\n{made}\n".encode(), NAME)
    return Identity(public, made)


def _of_age(text: bytes) -> list[Identity]:
    import pyrage  # noqa: PLC0415

    try:
        lines = [line.strip() for line in text.decode("ascii").splitlines()]
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (UnicodeDecodeError, pyrage.IdentityError):
        keys = []
    if not keys:
        raise CustodyError(f"{NAME}: is no private key of age or of SSH (Ed25519); {_TODO}")
    return [Identity(str(key.to_public()), key) for key in keys]


def _of_ssh(text: bytes) -> Identity:
    import pyrage  # noqa: PLC0415
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        PublicFormat,
        load_ssh_private_key,
    )

    try:
        key = load_ssh_private_key(text, None)
        opens = pyrage.ssh.Identity.from_buffer(text)
    except (ValueError, TypeError, UnsupportedAlgorithm, pyrage.IdentityError):
        raise CustodyError(f"{NAME}: this SSH key is damaged, or protected by a passphrase; {_TODO}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CustodyError(f"{NAME}: this SSH key is of another type than ssh-ed25519; {_TODO}")
    return Identity(key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode(), opens)
