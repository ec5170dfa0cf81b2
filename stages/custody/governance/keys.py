"""The keyring: zone secrets in one file that only its owner can read.

`CUSTODY_KEYRING` names the file; else it is `custody/keyring.json` in the user's configuration folder
(XDG Base Directory).
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.governance import demo
from custody.records.folder import read_json
from custody.records.zone import SIZE, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custody.policy.keys import Keys


def keyring_path() -> Path:
    """Where the keyring is, whether or not it exists."""
    named = os.environ.get("CUSTODY_KEYRING")
    if named:
        return Path(named)
    configured = os.environ.get("XDG_CONFIG_HOME")
    try:
        folder = Path(configured) if configured else Path.home() / ".config"
    except RuntimeError:
        raise CustodyError("keyring: no home folder is known here; set CUSTODY_KEYRING to the keyring file") from None
    return folder / "custody" / "keyring.json"


def open_zone(keys: Keys, sources: Iterable[str]) -> Zone:
    """Return the zone that the policy names; `sources` are the SHA-256 digests of all the data it is used for.

    The public demo key is given out only while every one of them is a source that the demo ships.
    """
    if keys.zone == demo.ZONE.name or keys.check == demo.ZONE.check:
        if not demo.SOURCES.issuperset(sources):
            raise CustodyError(
                "keys.zone: the demo key is public and protects only the demo's own files; "
                "make a zone with: custody keys init ZONE"
            )
        zone = demo.ZONE
    else:
        secret = _read(keyring_path()).get(keys.zone)
        if secret is None:
            raise CustodyError(
                f"keys.zone: the keyring has no zone {keys.zone}; make it (custody keys init {keys.zone}), "
                "ask its owner for it, or point CUSTODY_KEYRING at the keyring that has it"
            )
        zone = Zone(keys.zone, secret)
    if zone.check != keys.check:
        raise CustodyError(
            f"keys.check: the keyring holds another secret for zone {keys.zone}; ask who changed keys.check"
        )
    return zone


def zone_of(keys: Keys, receipt: Path) -> Zone:
    """Return the zone that the policy names for the sources that a receipt of collect lists.

    The receipt's MAC cannot be checked before its key is there; whoever opens the folder checks it.
    """
    try:
        sources = read_json(receipt)["sources"].values()
        return open_zone(keys, [file["sha256"] for source in sources for file in source["files"]])
    except (KeyError, TypeError, AttributeError):
        raise CustodyError(f"{receipt.name}: is not the receipt that collect writes; run collect again") from None


def create(name: str) -> Zone:
    """Make a zone secret, add it to the keyring and return the zone; an existing one is never replaced."""
    if name == demo.ZONE.name:
        raise CustodyError(f"keys: {name} is the public demo zone; choose another name")
    path = keyring_path()
    zones = _read(path) if path.exists() else {}
    if name in zones:
        raise CustodyError(f"keys: the keyring already has a zone {name}; choose another name")
    zone = Zone(name, secrets.token_bytes(SIZE))
    _write(path, {**zones, name: zone.secret})
    return zone


def _read(path: Path) -> dict[str, bytes]:
    try:
        info = path.stat()
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CustodyError(
            f"keyring: cannot be read ({error.strerror}); make a zone (custody keys init ZONE) or set CUSTODY_KEYRING"
        ) from None
    except UnicodeDecodeError:
        raise CustodyError("keyring: is not the JSON that custody keys init writes") from None
    if os.name == "posix" and info.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CustodyError("keyring: others can read or write it; run: chmod 600 on the keyring file")
    try:
        return _zones(json.loads(text))
    except (ValueError, TypeError, AttributeError, KeyError):
        raise CustodyError("keyring: is not the JSON that custody keys init writes") from None


def _zones(value: Any) -> dict[str, bytes]:
    zones = {name: bytes.fromhex(secret) for name, secret in value["zones"].items()}
    for name, secret in zones.items():
        if len(secret) != SIZE or len(set(secret)) < SIZE // 4 or secret == demo.ZONE.secret:
            raise CustodyError(
                f"keyring: the secret of zone {name} is no random {SIZE}-byte key; make one with custody keys init"
            )
    return zones


def _write(path: Path, zones: dict[str, bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps({"zones": {name: secret.hex() for name, secret in sorted(zones.items())}}, indent=2) + "\n"
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
