"""Append to the log of this user in this clone: whole entries, on the disk when the call returns, or none.

The file is `audit/<place>/log.jsonl` in the user's state folder, readable by its owner alone; no work tree is touched,
so a read-only checkout works. What a crash left behind of an entry that nobody was told of is cut off, and said.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import secrets
import stat
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError, RefusedError
from custody.governance.audit import actors, entry
from custody.governance.audit.entry import BEGINNING, Event, Head
from custody.governance.audit.place import folder_of
from custody.records.replacing import sync_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from custody.governance.audit.entry import Action, Outcome, Told

LOG: Final = "log.jsonl"
TURN: Final = "turn.lock"
_OPEN: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


def record(event: Event, root: Path = Path()) -> Head:
    """Log what is about to happen, or has; return once it is on the disk. `CustodyError` where it cannot be.

    `root` is the project.
    """
    return append(folder_of(root), event)


def note(event: Event, root: Path = Path()) -> None:
    """Log what needs no entry to happen: where none can be written, say so in one line and go on."""
    try:
        record(event, root)
    except CustodyError as error:
        print(f"custody: {error}; going on without an entry", file=sys.stderr)  # noqa: T201  # promised to the user


@dataclass
class Noted:
    """What is told of something at its end."""

    action: Action
    about: dict[str, Told]
    outcome: Outcome = "done"
    release: str | None = None

    def decided(self, statement: str, *, released: bool) -> None:
        """Say that a release was decided on, by the SHA-256 of its statement."""
        self.action, self.release, self.outcome = "decision", statement, "done" if released else "refused"


@contextmanager
def noted(action: Action, root: Path = Path(), **about: Told) -> Iterator[Noted]:
    """Log what the block does when it ends, however it does; the block runs where no entry can be written too."""
    told = Noted(action, about)
    try:
        yield told
    except BaseException as error:
        told.outcome = "refused" if isinstance(error, RefusedError) else "failed"
        raise
    finally:
        note(Event(told.action, told.outcome, None, told.release, told.about), root)


def erase(actor: str, root: Path = Path()) -> None:
    """Forget whose pseudonym this is, after an entry that says so; `CustodyError` where it is not known.

    The entry stands under the pseudonym that this account had before, so it names nobody anew.
    """
    folder = folder_of(root)
    actors.require(folder, actor)
    append(folder, Event("erase", about={"actor": actor}), then=lambda: actors.erase(folder, actor))


def whole(folder: Path) -> bytes:
    """Return the whole lines of the log in `folder`; nothing where there is none. What a crash tore is left out."""
    path = folder / LOG
    text = path.read_bytes() if path.exists() else b""
    return text[: text.rfind(b"\n") + 1]


def utc() -> dt.datetime:
    """Return the present time."""
    return dt.datetime.now(dt.UTC)


def append(
    folder: Path,
    event: Event,
    clock: Callable[[], dt.datetime] = utc,
    then: Callable[[], None] = lambda: None,
) -> Head:
    """Append an entry to the log in `folder` and return where the log then stands.

    The clock is asked under the lock, so that it runs back in a log only where it was set back; `then` is done under it
    once the entry is on the disk.
    """
    entry.line(event, clock(), "", Head("", 0, BEGINNING))  # what is no entry makes no file
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _locked(folder / LOG) as handle:
            end, head, torn = _tail(handle)
            actor, at = actors.pseudonym(folder), clock()
            events = [Event("heal", "done", about={"bytes": torn}), event] if torn else [event]
            text = b""
            for one in events:
                line = entry.line(one, at, actor, head)
                head = Head(head.writer, head.entries + 1, entry.digest(line))
                text += line + b"\n"
            _write(handle, end, text)
            if end == 0:
                sync_names(folder)
            then()
    except OSError as error:
        raise CustodyError(f"audit log: cannot be written ({error.strerror}); see {folder / LOG}") from None
    return head


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other process that asks for the same away while the block runs; entries are written meanwhile.

    `CustodyError` where the folder of the log cannot be had.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / TURN, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError as error:
        raise CustodyError(f"audit log: cannot be written ({error.strerror}); see {folder}") from None
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    handle = os.open(path, _OPEN, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode) or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise CustodyError(f"audit log: is no file of its owner's alone; run: chmod 600 {path}")
        yield handle
    finally:
        os.close(handle)


def _tail(handle: int) -> tuple[int, Head, int]:
    """Return where the last whole line ends, the head there, and how many bytes of a torn line follow."""
    size = os.fstat(handle).st_size
    start = max(0, size - 2 * (entry.LIMIT + 1))
    held = os.pread(handle, size - start, start)
    whole = held.rfind(b"\n") + 1
    torn = len(held) - whole
    if not whole and start == 0:
        return 0, Head(secrets.token_hex(16), 0, BEGINNING), torn
    last = held[held.rfind(b"\n", 0, whole - 1) + 1 : whole - 1] if whole else b""
    try:
        value = entry.read(last)
    except ValueError:
        raise CustodyError(
            f"audit log: its last line is no entry; move the folder of {LOG} away and keep it, and a new log begins"
        ) from None
    return start + whole, Head(value["writer"], value["number"], entry.digest(last)), torn


def _write(handle: int, end: int, text: bytes) -> None:
    """Put `text` after `end`, whole and on the disk, or leave what stood there before."""
    os.ftruncate(handle, end)
    try:
        rest = memoryview(text)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    except BaseException:
        os.ftruncate(handle, end)
        raise
