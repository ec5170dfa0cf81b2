"""Files that hold secrets: read where nobody but their owner can, written whole or not at all, and for nobody else.

They are written beside their place, under a hidden name that stands for a lock too: who else writes the same file
waits, and what a killed process left there is removed by the next one.
"""

from __future__ import annotations

import fcntl
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.records.replacing import sync_names
from custody.repository.outside import refuse_inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LARGEST: Final = 2**20
_FRESH: Final = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read(path: Path, what: str, todo: str) -> bytes:
    """Return a file's bytes; `CustodyError` where it cannot be read, is too large, or others can read or write it.

    `what` names the file in messages, `todo` says how to come by one.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would be waited for
        with os.fdopen(handle, "rb") as file:
            info = os.fstat(handle)
            text = file.read(LARGEST + 1) if stat.S_ISREG(info.st_mode) else None
    except OSError as error:
        raise CustodyError(f"{what}: cannot be read ({error.strerror}); {todo}") from None
    if text is None:
        raise CustodyError(f"{what}: is not a plain file; {todo}")
    if os.name == "posix" and info.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CustodyError(f"{what}: others can read or write it; run: chmod 600 on the {what} file")
    if len(text) > LARGEST:
        raise CustodyError(f"{what}: is larger than {LARGEST} bytes; {todo}")
    return text


def create(path: Path, text: bytes, what: str) -> None:
    """Write a new file that its owner alone can read, and its folder.

    `CustodyError` where one is there already, in a project, or where it cannot be written: then nothing is left.
    """
    with _beside(path, what) as (fresh, handle):
        try:
            _write(handle, b"" if os.path.lexists(path) else text)
            os.link(fresh, path)  # never over a file that came meanwhile
        except FileExistsError:
            raise CustodyError(
                f"{what}: the file is there already and is never replaced; choose another name"
            ) from None
        sync_names(path.parent)


def change(path: Path, text: Callable[[], bytes], what: str) -> None:
    """Put another text in a file's place; `text` makes it, and may read the file, while no other process changes it.

    `CustodyError` where the file is in a project, or cannot be written: then it is as it was.
    """
    with _beside(path, what) as (fresh, handle):
        _write(handle, text())
        fresh.replace(path)
        sync_names(path.parent)


@contextmanager
def _beside(path: Path, what: str) -> Iterator[tuple[Path, int]]:
    """Yield an empty file beside `path`, locked, and its handle; where it was not moved, it is removed."""
    refuse_inside(path, what)
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = _locked(fresh)
        try:
            yield fresh, handle
        finally:
            if _is(fresh, handle):
                fresh.unlink()
            os.close(handle)
    except OSError as error:
        raise CustodyError(
            f"{what}: cannot be written ({error.strerror}); choose a folder that you may write to, with space"
        ) from None


def _locked(fresh: Path) -> int:
    """Return the handle of a new file, locked; one that another process holds is waited for."""
    while True:
        handle = os.open(fresh, _FRESH, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        info = os.fstat(handle)
        if _is(fresh, handle):
            if info.st_size == 0 and info.st_nlink == 1 and stat.S_IMODE(info.st_mode) & 0o077 == 0:
                return handle
            fresh.unlink()  # left by a process that was killed: whoever holds the lock is alone with it
        os.close(handle)


def _is(path: Path, handle: int) -> bool:
    """Say whether the file still has this name: its holder may have moved or removed it."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _write(handle: int, text: bytes) -> None:
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(handle, rest) :]
    os.fsync(handle)
