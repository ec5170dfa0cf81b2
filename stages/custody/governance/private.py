"""Files that hold secrets: read where nobody but their owner can, written for nobody else, and never replaced."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST: Final = 2**20


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
    """Write a new file that its owner alone can read, and its folder; `CustodyError` where one is there already."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CustodyError(f"{what}: the file is there already and is never replaced; choose another name") from None
    except OSError as error:
        raise CustodyError(
            f"{what}: cannot be written ({error.strerror}); choose a folder that you may write to"
        ) from None
    with os.fdopen(handle, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
