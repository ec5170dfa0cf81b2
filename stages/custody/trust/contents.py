"""Is the folder, byte for byte, what its statement says? Every difference is a reason of its own.

Each file is read once, for its SHA-256, several at a time. Its md5 is looked at where the SHA-256 is another: then it
tells a collision from an accident. Where the SHA-256 is the stated one, the stated md5 stands for the file's own in the
name that DVC gives the folder; DVC itself, when it brings a revision, holds each file against it.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from stat import S_ISREG
from typing import TYPE_CHECKING

from custody.records.regular import OPEN
from custody.release.stated import STATEMENT
from custody.repository import cache
from custody.trust.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custody.release.statement import File, Statement


@dataclass(frozen=True)
class Contents:
    """What differs, and the name that DVC gives the folder; None where it gives none."""

    reasons: tuple[Reason, ...]
    name: str | None


def judge(folder: Path, stated: Statement, text: bytes) -> Contents:
    """Hold a folder against its statement, whose bytes are `text`; names that nobody listed are not repeated."""
    listed = {file.name: file for file in stated.files}
    present = {path.name for path in folder.iterdir()}
    extra = sorted(present - listed.keys() - {STATEMENT})
    held = [listed[name] for name in sorted(listed.keys() & present)]
    with ThreadPoolExecutor() as threads:
        digests = dict(zip(held, threads.map(lambda file: _digest(folder / file.name, "sha256"), held), strict=True))
    md5s = {
        one.name: one.md5 if own == one.sha256 else _digest(folder / one.name, "md5") for one, own in digests.items()
    }
    reasons = [Reason("missing", f"{name} is missing") for name in sorted(listed.keys() - present)]
    if extra:
        reasons.append(Reason("extra", f"{len(extra)} {'file does' if len(extra) == 1 else 'files do'} not belong"))
    reasons += [reason for one, own in digests.items() for reason in _altered(one, own, md5s[one.name])]
    more = {one: md5 for name in extra for one, md5 in _md5s(folder, folder / name)}
    own = hashlib.md5(text, usedforsecurity=False).hexdigest()
    return Contents(tuple(reasons), cache.name_of({**md5s, **more, STATEMENT: own}))


def dvc_name(folder: Path) -> str | None:
    """Return the name that DVC gives a folder; None where it holds what is no plain file."""
    return cache.name_of(listing(folder))


def listing(folder: Path) -> dict[str, str | None]:
    """Return the md5 of every file of a folder, by its path in it; None for what is no plain file."""
    return dict(_md5s(folder, folder))


def _md5s(folder: Path, path: Path) -> Iterator[tuple[str, str | None]]:
    """Yield the md5 of every file at or below `path`, by its name in `folder`; None for one that is no plain file."""
    if path.is_dir() and not path.is_symlink():
        for below in path.iterdir():
            yield from _md5s(folder, below)
    else:
        yield path.relative_to(folder).as_posix(), _digest(path, "md5")


def _altered(file: File, sha256: str | None, md5: str | None) -> Iterator[Reason]:
    if sha256 is None:
        yield Reason("altered", f"{file.name} is not a plain file")
    elif sha256 != file.sha256 and md5 == file.md5:
        said = "has the md5 that is stated and another SHA-256: a forgery, not an accident"
        yield Reason("collision", f"{file.name} {said}")
    elif sha256 != file.sha256:
        yield Reason("altered", f"{file.name} was altered: its SHA-256 is not the stated one")


def _digest(path: Path, kind: str) -> str | None:
    """Return a digest of a plain file, read once; None for anything else."""
    try:
        with os.fdopen(os.open(path, OPEN), "rb", buffering=0) as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            return hashlib.file_digest(file, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest()
    except OSError:
        return None
