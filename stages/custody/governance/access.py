"""The access log: who opened what about people, when and why. One JSON object per line, only ever added to.

`$XDG_STATE_HOME/custody/access.jsonl`, else `~/.local/state/…` (XDG Base Directory). An entry is on the disk before
what it speaks of is shown: no log, no value. It holds no value itself.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from custody.errors import CustodyError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

LONGEST = 500


def log_path() -> Path:
    """Where the log is, whether or not it exists."""
    configured = os.environ.get("XDG_STATE_HOME")
    try:
        folder = Path(configured) if configured else Path.home() / ".local" / "state"
    except RuntimeError:
        raise CustodyError("access log: no home folder is known here; set XDG_STATE_HOME to a folder") from None
    return folder / "custody" / "access.jsonl"


def record(action: str, reason: str, now: dt.datetime, **more: Any) -> None:
    """Append an entry and return once it is on the disk; `CustodyError` when it could not be written.

    `who` is the account that the operating system says runs this process. `more` holds no value of the data.
    """
    if not reason.strip() or not reason.isprintable() or len(reason) > LONGEST:
        raise CustodyError(f"--reason: say why, in one line of at most {LONGEST} characters; it stands in the log")
    entry = {
        "at": now.isoformat(timespec="seconds"),
        "who": _user(),
        "action": action,
        "reason": reason.strip(),
        **more,
    }
    _append(log_path(), entry)


def _append(path: Path, entry: Mapping[str, Any]) -> None:
    line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _locked(path) as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the file's name too is on the disk
        finally:
            os.close(folder)
    except OSError as error:
        raise CustodyError(
            f"access log: cannot be written ({error.strerror}), so nothing is shown; see {path}"
        ) from None


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """Yield the log, locked, at the start of a line."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "ab") as file:
        fcntl.flock(handle, fcntl.LOCK_EX)
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode) or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise CustodyError("access log: is no file of its owner's alone, so nothing is shown; run: chmod 600 on it")
        if info.st_size and os.pread(handle, 1, info.st_size - 1) != b"\n":
            file.write(b"\n")  # an entry before was cut short
        yield file


def _user() -> str:
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name  # not from the environment, which anybody can set
    except KeyError:
        return str(number)
