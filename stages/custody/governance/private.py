"""Files that hold secrets: read only where nobody but their owner can."""

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
        with path.open("rb") as file:
            info = os.fstat(file.fileno())
            text = file.read(LARGEST + 1)
    except OSError as error:
        raise CustodyError(f"{what}: cannot be read ({error.strerror}); {todo}") from None
    if os.name == "posix" and info.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CustodyError(f"{what}: others can read or write it; run: chmod 600 on the {what} file")
    if len(text) > LARGEST:
        raise CustodyError(f"{what}: is larger than {LARGEST} bytes; {todo}")
    return text
