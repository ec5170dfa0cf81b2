"""A source file as a stream of its plain content, and the proof that it did not change while it was read.

Sealed files open as they are read, without a copy in the clear. A file is read twice: once for its digest, once for
its records, when it is hashed again.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from custody.errors import CustodyError
from custody.records import seal
from custody.repository.dvc_tracking import tracked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from custody.policy.sources import Source
    from custody.records.run import Run
    from custody.records.zone import Zone
    from custody.sources.discover import Found

SUFFIX = ".sealed"
BLOCK = 2**20
ID_DIGITS = 16


@dataclass(frozen=True)
class Stored:
    """A file as it lies on disk."""

    found: Found
    sealed: bool
    digest: str
    """SHA-256 of the content; of a sealed file, whose content needs the key, of its header: no demo file has it."""
    size: int


@dataclass(frozen=True)
class SourceFile:
    """A file whose plain content is known by digest."""

    found: Found
    id: str
    """Names the file everywhere: the digest's first digits; `-2`, `-3` for more files of that content in the source."""
    sealed: bool
    sha256: str
    bytes: int
    """Size of the plain content; what is compressed counts as it is."""


def source_label(place: str) -> str:
    """Return the label that a source file is sealed under, so that it opens in no other's place.

    `place` is its path in the project, in POSIX form; `.sealed` at its end makes no difference.
    """
    return "source/" + place.removesuffix(SUFFIX)


def look(found: Sequence[Found], sources: Mapping[str, Source], root: Path, run: Run) -> list[Stored]:
    """Take size and digest of every file; `CustodyError` where DVC has one in the clear and the policy says not why."""
    stored = list(run(_stored, None, found, "digest"))
    clear = tracked(root, [file.found.path for file in stored if not file.sealed])
    for file in stored:
        if file.found.path in clear and sources[file.found.source].plaintext is None:
            raise CustodyError(
                f"sources.{file.found.source}.plaintext: DVC keeps this source in the clear in its cache and remotes; "
                "seal it (custody source add), or say here why that is accepted"
            )
    return stored


def identify(stored: Sequence[Stored], sources: Mapping[str, Source], zone: Zone, run: Run) -> list[SourceFile]:
    """Give every file its id; `CustodyError` where the policy pins another content."""
    sealed = [file for file in stored if file.sealed]
    unsealed = dict(zip([file.found for file in sealed], run(_unsealed, zone, sealed, "digest"), strict=True))
    seen: dict[tuple[str, str], int] = {}
    files = []
    for file in stored:
        source = file.found.source
        sha256, size = unsealed.get(file.found, (file.digest, file.size))
        pinned = sources[source].sha256
        if pinned is not None and pinned != sha256:
            raise CustodyError(
                f"sources.{source}.sha256: the file has another content than the pinned one; "
                "restore it (dvc checkout), or review the new content and pin its digest"
            )
        count = seen[source, sha256] = seen.get((source, sha256), 0) + 1
        name = sha256[:ID_DIGITS] + (f"-{count}" if count > 1 else "")
        files.append(SourceFile(file.found, name, file.sealed, sha256, size))
    return files


@contextmanager
def opened(file: SourceFile, zone: Zone) -> Iterator[BinaryIO]:
    """Yield the plain content, seekable; on leaving, `CustodyError` where it is not the content that was identified."""
    with _named(file.found), file.found.path.open("rb", buffering=0) as raw:
        plain = _Unsealed(raw, source_label(file.found.place), zone, file.bytes) if file.sealed else raw
        hashing = _Hashing(cast("BinaryIO", plain))
        yield cast("BinaryIO", io.BufferedReader(hashing, BLOCK))
        if hashing.finish() != file.sha256:
            raise CustodyError("changed while it was being read; run again when nothing writes to it")


def _stored(_: None, found: Found) -> Stored:
    with _named(found), found.path.open("rb") as file:
        head = file.read(seal.HEADER)
        if seal.is_sealed(head):
            return Stored(found, sealed=True, digest=hashlib.sha256(head).hexdigest(), size=found.path.stat().st_size)
        file.seek(0)
        sha256, size = _digest(file)
        return Stored(found, sealed=False, digest=sha256, size=size)


def _unsealed(zone: Zone, file: Stored) -> tuple[str, int]:
    with _named(file.found), file.found.path.open("rb") as raw:
        return _digest(_Unsealed(raw, source_label(file.found.place), zone, 0))


def _digest(file: BinaryIO | io.RawIOBase) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while block := file.read(BLOCK):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


@contextmanager
def _named(found: Found) -> Iterator[None]:
    """Name the file in every error, by source and number alone: a file's name may be a person's."""
    try:
        yield
    except CustodyError as error:
        raise type(error)(f"{found.name}: {error}") from None
    except OSError as error:
        if error.strerror is None:
            raise
        raise CustodyError(f"{found.name}: cannot be read ({error.strerror})") from None


class _Hashing(io.RawIOBase):
    """Passes reads on and hashes each byte the first time that reading goes over it."""

    def __init__(self, inner: BinaryIO) -> None:
        super().__init__()
        self._inner, self._digest, self._hashed, self._place = inner, hashlib.sha256(), 0, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = self._inner.seek(offset, whence)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # io gives a writable buffer
        size = self._inner.readinto(view) or 0  # type: ignore[attr-defined]
        if self._place <= self._hashed < self._place + size:
            self._digest.update(view[self._hashed - self._place : size])
            self._hashed = self._place + size
        self._place += size
        return cast("int", size)

    def finish(self) -> str:
        """Hash what reading left out and return the SHA-256 of the whole."""
        self.seek(self._hashed)
        while self.read(BLOCK):
            pass
        return self._digest.hexdigest()


class _Unsealed(io.RawIOBase):
    """The content of a sealed file; going back starts over, since what is sealed opens from its start alone."""

    def __init__(self, raw: BinaryIO | io.FileIO, label: str, zone: Zone, size: int) -> None:
        super().__init__()
        self._raw, self._label, self._zone, self._size = raw, label, zone, size
        self._place = self._opened = 0  # where reading goes on, and how far it has opened
        self._restart()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if place < 0:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if place < self._opened:
            self._restart()
        self._place = self._opened
        while self._place < place and self.read(min(place - self._place, BLOCK)):
            pass
        self._place = place  # it may lie beyond the end, as in any file
        return place

    def readinto(self, buffer: object) -> int:
        if self._place > self._opened:
            return 0
        try:
            size: int = self._plain.readinto(buffer)  # type: ignore[attr-defined]
        except CustodyError:
            raise CustodyError(
                "was altered, belongs elsewhere or was sealed with another key; restore it or check keys.zone"
            ) from None
        self._opened += size
        self._place = self._opened
        return size

    def _restart(self) -> None:
        self._raw.seek(0)
        self._plain = seal.open_sealed(self._raw, self._label, self._zone)
        self._place = self._opened = 0
