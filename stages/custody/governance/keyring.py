"""The keyring: secrets in one file that only its owner can read.

`CUSTODY_KEYRING` names the file; else it is `custody/keyring.json` in the user's configuration folder
(XDG Base Directory). Each zone has up to two compartments: `zones`, the secret of the pipeline, and `reidentify`, the
secret that takes reversible pseudonyms back. Either may be there without the other.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.governance import demo, entropy, private
from custody.records.zone import SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

    from custody.governance.compartments import Wanted

_OURS = "keyring: is not the JSON that custody keys init writes"


@dataclass(frozen=True)
class Keyring:
    """Secrets by zone name, per compartment; they show in no text form of the object."""

    zones: dict[str, bytes] = field(default_factory=dict, repr=False)
    reidentify: dict[str, bytes] = field(default_factory=dict, repr=False)


def keyring_path() -> Path:
    """Where the keyring is, whether or not it exists."""
    named = os.environ.get("CUSTODY_KEYRING")
    return Path(named) if named else config_folder() / "custody" / "keyring.json"


def config_folder() -> Path:
    """The user's configuration folder."""
    configured = os.environ.get("XDG_CONFIG_HOME")
    try:
        return Path(configured) if configured else Path.home() / ".config"
    except RuntimeError:
        raise CustodyError("keyring: no home folder is known here; set CUSTODY_KEYRING to the keyring file") from None


def ask(wanted: Wanted) -> bytes | None:
    """Return the zone's secret; None where there is no keyring, or it has none."""
    path = keyring_path()
    if wanted.compartment == "release" or not path.exists():
        return None
    ring = read(path)
    return (ring.zones if wanted.compartment == "pipeline" else ring.reidentify).get(wanted.zone)


def read(path: Path) -> Keyring:
    """Return the keyring; `CustodyError` where it cannot be read, others can read it, or a secret is not random."""
    text = private.read(path, "keyring", "make a zone (custody keys init ZONE) or set CUSTODY_KEYRING")
    try:
        value = json.loads(text)
        return Keyring(_secrets(value["zones"]), _secrets(value.get("reidentify", {})))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise CustodyError(_OURS) from None


def held() -> Keyring:
    """Return the user's keyring; an empty one where there is none."""
    path = keyring_path()
    return read(path) if path.exists() else Keyring()


def change(add: Callable[[Keyring], Keyring]) -> None:
    """Put what `add` makes of the keyring in its place, whole or not at all; processes that do so take turns."""
    private.change(Path(os.path.realpath(keyring_path())), lambda: _text(add(held())), "keyring")


def _text(keyring: Keyring) -> bytes:
    parts = {name: {zone: one.hex() for zone, one in sorted(part.items())} for name, part in asdict(keyring).items()}
    return f"{json.dumps(parts, indent=2)}\n".encode()


def _secrets(part: Any) -> dict[str, bytes]:
    found = {name: bytes.fromhex(secret) for name, secret in part.items()}
    for name, secret in found.items():
        if entropy.is_weak(secret) or secret == demo.ZONE.secret:
            raise CustodyError(
                f"keyring: the secret of zone {name} is no random {SIZE}-byte key; make one with custody keys init"
            )
    return found
