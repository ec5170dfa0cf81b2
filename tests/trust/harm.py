"""What an attacker with write access does to a project: to files, to dvc.lock, to DVC's cache."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASED = Path("data/released")


def first() -> Path:
    """The first released file."""
    return min(RELEASED.glob("*.parquet"))


def writable(path: Path) -> Path:
    """Break the hard link that DVC keeps to its cache."""
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)
    return path


def flip(path: Path) -> None:
    """Flip one bit in the middle of a file."""
    data = bytearray(writable(path).read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def md5(data: bytes) -> str:
    """The md5 of bytes."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def place(name: str, cache: str = ".dvc/cache") -> Path:
    """Where DVC's cache has an object."""
    return Path(cache, "files", "md5", name[:2], name[2:])


def plant(data: bytes, suffix: str = "") -> str:
    """Put an object into DVC's cache under its own md5."""
    path = place(md5(data) + suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(data)
    return md5(data) + suffix


def edit_lock(change: Callable[[dict[str, Any]], None]) -> None:
    """Change the stages of dvc.lock."""
    lock = Path("dvc.lock")
    values = yaml.safe_load(lock.read_text())
    change(values["stages"])
    lock.write_text(yaml.safe_dump(values, sort_keys=False))


def forge() -> None:
    """Make dvc.lock and the cache say that what lies in the released folder was released."""
    names = sorted(path.name for path in RELEASED.iterdir())
    listing = [{"md5": plant((RELEASED / name).read_bytes()), "relpath": name} for name in names]
    named = plant(json.dumps(listing, sort_keys=True).encode(), ".dir")

    def change(stages: dict[str, Any]) -> None:
        for entries in (stages["gate"]["outs"], stages["enforce"]["deps"]):
            next(one for one in entries if one["path"] == "data/released")["md5"] = named

    edit_lock(change)
