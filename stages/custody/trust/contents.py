"""Is the folder, byte for byte, what its statement says? Every difference is a reason of its own."""

from __future__ import annotations

import hashlib
import json
import os
from stat import S_ISREG
from typing import TYPE_CHECKING, Final

from custody.release.statement import OPEN, STATEMENT
from custody.trust.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custody.release.statement import Statement

BLOCK: Final = 2**20


def differences(folder: Path, stated: Statement) -> Iterator[Reason]:
    """Yield what is missing, does not belong, or has another digest; names that nobody listed are not repeated."""
    listed = {file.name: file for file in stated.files}
    with os.scandir(folder) as found:
        present = {entry.name: entry.is_file(follow_symlinks=False) for entry in found}
    for name in sorted(listed.keys() - present.keys()):
        yield Reason("missing", f"{name} is missing")
    if extra := len(present.keys() - listed.keys() - {STATEMENT}):
        yield Reason("extra", f"{extra} {'file does' if extra == 1 else 'files do'} not belong")
    for name in sorted(listed.keys() & present.keys()):
        digests = _digests(folder / name) if present[name] else None
        if digests is None:
            yield Reason("altered", f"{name} is not a plain file")
        elif digests[0] != listed[name].sha256:
            yield _other(name, same_md5=digests[1] == listed[name].md5)


def dvc_digest(folder: Path) -> str | None:
    """Return the name that DVC gives a folder: md5 of its list of files with their md5, and `.dir`."""
    entries = []
    for path in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).parts):
        if path.is_dir() and not path.is_symlink():
            continue
        digests = _digests(path)
        if digests is None:
            return None
        entries.append({"md5": digests[1], "relpath": path.relative_to(folder).as_posix()})
    listing = json.dumps(sorted(entries, key=lambda one: one["relpath"].split("/")), sort_keys=True).encode()
    return f"{hashlib.md5(listing, usedforsecurity=False).hexdigest()}.dir"


def _other(name: str, *, same_md5: bool) -> Reason:
    if same_md5:
        return Reason("collision", f"{name} has the md5 that is stated and another SHA-256: a forgery, not an accident")
    return Reason("altered", f"{name} was altered: its SHA-256 is not the stated one")


def _digests(path: Path) -> tuple[str, str] | None:
    """Return SHA-256 and md5 of a plain file, read once; None for anything else."""
    try:
        with os.fdopen(os.open(path, OPEN), "rb") as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
            while block := file.read(BLOCK):
                sha256.update(block)
                md5.update(block)
    except OSError:
        return None
    return sha256.hexdigest(), md5.hexdigest()
