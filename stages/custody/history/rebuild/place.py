"""Where a rebuild happens: folders in the user's cache, apart from every workspace, that vanish with whoever made them.

Each has a file beside it that its process, and what it starts, keep locked (flock): a folder whose lock nobody holds is
what a killed rebuild left, and the next one removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK: Final = ".lock"
MAKING: Final = "making"
"""Whoever makes or removes a folder holds the lock of this name."""


@dataclass(frozen=True)
class Place:
    """A folder to rebuild in, and the open lock that says it is in use."""

    root: Path
    lock: int


def user_cache() -> Path:
    """Return Custody's folder in the user's cache (XDG Base Directory), whether or not it exists."""
    named = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(named) if named else Path.home() / ".cache") / "custody"
    except RuntimeError:
        raise CustodyError("cache: no home folder is known here; set XDG_CACHE_HOME to a folder for it") from None


@contextmanager
def fresh() -> Iterator[Place]:
    """Yield a new folder, and remove it at the end, whatever happens; remove what killed rebuilds left before."""
    base = user_cache() / "rebuilds"
    base.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(base / MAKING):
        _sweep(base)
        lock, name = tempfile.mkstemp(prefix="", suffix=LOCK, dir=base)
        fcntl.flock(lock, fcntl.LOCK_EX)
        root = Path(name).with_suffix("")
        root.mkdir(mode=0o700)
    try:
        yield Place(root, lock)
    finally:
        with alone(base / MAKING):
            _remove(root)
        os.close(lock)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock of this name while the block runs; wait for whoever holds it."""
    lock = opened(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def opened(path: Path) -> int:
    """Open the file of a lock; who closes it lets the lock go."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _sweep(base: Path) -> None:
    """Remove what has a lock that nobody holds; `MAKING` is held meanwhile, so no lock is about to be taken."""
    for path in sorted(base.glob(f"*{LOCK}")):
        lock = opened(path)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(path.with_suffix(""))
        except BlockingIOError:
            continue
        finally:
            os.close(lock)


def _remove(root: Path) -> None:
    """Remove a folder, then the file of its lock; what cannot be removed keeps its lock, for the next one to try."""
    shutil.rmtree(root, ignore_errors=True)
    if not root.exists():
        root.with_name(f"{root.name}{LOCK}").unlink(missing_ok=True)
