"""A folder that changes as a whole: written beside the old one, readable by its owner alone, renamed when it is whole.

A process that is killed leaves an unfinished folder, which may hold plain rows. It holds a lock on that folder while it
lives, so whoever comes next (any stage, on the same data) can tell what is left over and removes it.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OUTPUTS = ("collected", "validated", "anonymized", "released")
"""The folders that stages write, side by side."""
_OWN = 0o700
_OPEN = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


@contextmanager
def replace_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target`; on success it takes target's place, on failure it is removed.

    What killed runs left beside it is removed first; `CustodyError` while another process writes `target`.
    """
    fresh, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    if target.is_symlink():
        raise CustodyError(f"{target.name}: is a symbolic link; a stage writes only to a folder of the project")
    sweep(target.parent, target.name)
    try:
        fresh.mkdir(_OWN, parents=True)
    except FileExistsError:
        raise CustodyError(f"{target.name}: another process is writing it; wait for that one, and run again") from None
    lock = _locked(fresh)
    try:
        yield fresh
        for path in sorted(fresh.rglob("*")):
            sync(path)
        fresh.chmod(stat.S_IMODE(target.parent.stat().st_mode) & 0o777)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    finally:
        if lock is not None:
            os.close(lock)
    shutil.rmtree(old, ignore_errors=True)


def sweep(parent: Path, *more: str) -> None:
    """Remove what killed stages (or writers of `more`) left in `parent`, and nothing that is being written."""
    for left in [parent / f".{name}.{end}" for name in sorted({*OUTPUTS, *more}) for end in ("new", "old")]:
        if left.is_symlink() or not left.is_dir():
            continue
        lock = _locked(left)
        if lock is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(lock)


def sync(path: Path) -> None:
    """Wait until a file's bytes are on the disk."""
    if path.is_file():
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_names(folder: Path) -> None:
    """Wait until the names of the files in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _locked(folder: Path) -> int | None:
    """Lock a folder for this process and return what to close, or None where another process has it locked.

    Where the system has no such locks, nobody is taken to write.
    """
    if sys.platform == "win32":
        return os.open(os.devnull, os.O_RDONLY)
    import fcntl  # noqa: PLC0415  # not on every system

    handle = os.open(folder, _OPEN)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
