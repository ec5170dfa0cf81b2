"""The files of a revision, from git's objects: neither the work tree nor a filter or attribute plays a part."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.repository import git

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

LARGEST: Final = 64 * 2**20
"""Bytes of all files asked for together; a revision with more is refused."""


def commit_of(root: Path, revision: str) -> str | None:
    """Return the commit that a revision names, None where it names none."""
    said = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return said.decode("ascii", "replace").strip() if said else None


def files(root: Path, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
    """Return the plain files at or below `paths` of the project at `root`, as the commit has them, by path.

    `CustodyError` where they are larger than 64 MB together, or git does not answer.
    """
    listed = _git(root, "ls-tree", "-r", "-z", "--long", commit, "--", *paths) or b""
    entries = [line.split(b"\t", 1) for line in listed.split(b"\0") if line]
    blobs: list[tuple[str, str]] = []
    total = 0
    for head, name in entries:
        mode, kind, blob, size = head.split()
        if kind == b"blob" and mode != b"120000":
            total += int(size)
            blobs.append((os.fsdecode(name), blob.decode()))
    if total > LARGEST:
        raise CustodyError(f"REV: holds more than {LARGEST} bytes of code and policy; it is no project of this kind")
    said = _git(root, "cat-file", "--batch", given="".join(f"{blob}\n" for _, blob in blobs).encode()) or b""
    return dict(zip((name for name, _ in blobs), _contents(said, len(blobs)), strict=True))


def is_shallow(root: Path) -> bool:
    """Say whether history was cut off."""
    return (_git(root, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"


def has_commit(root: Path) -> bool:
    """Say whether `root` lies in a repository that has a commit."""
    return commit_of(root, "HEAD") is not None


def history(root: Path, since: str, until: str, path: str) -> list[str]:
    """Return the commits that changed `path` after `since` up to `until`, newest first."""
    said = _git(root, "rev-list", f"{since}..{until}", "--", path) or b""
    return said.decode("ascii", "replace").split()


def _contents(said: bytes, number: int) -> Iterable[bytes]:
    """Yield contents out of `cat-file --batch`: `<id> blob <size>`, the bytes, a line end."""
    place = 0
    for _ in range(number):
        end = said.index(b"\n", place)
        size = int(said[place:end].split()[2])
        yield said[end + 1 : end + 1 + size]
        place = end + 2 + size


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    try:
        return git.ask(root, *arguments, given=given)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        raise CustodyError("git: does not answer; see that it is installed and that this is a repository") from None
