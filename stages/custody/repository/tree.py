"""The files of a revision, from git's objects: neither the work tree nor a filter or attribute plays a part."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from custody.errors import CustodyError
from custody.repository import git

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAIN: Final = ("refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master")
"""The main branch is the first of these that there is."""
LARGEST: Final = 64 * 2**20
"""Bytes of all files asked for together; a revision with more is refused."""


class Blob(NamedTuple):
    """A file as git holds it: the object's name, and its size in bytes."""

    name: str
    size: int


def commit_of(root: Path, revision: str) -> str | None:
    """Return the commit that a revision names, None where it names none.

    `CustodyError` where a branch, or HEAD, leads to a commit that cannot be read.
    """
    if "\0" in revision:
        return None
    said = git.answer(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if said:
        return said.decode("ascii", "replace").strip()
    is_branch = revision == "HEAD" or revision.startswith("refs/")
    if is_branch and git.answer(root, "rev-parse", "--verify", "--quiet", revision):
        raise git.unreadable()
    return None


def files(root: Path, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
    """Return the plain files at or below `paths` of the project at `root`, as the commit has them, by path.

    A path that the commit does not have has no entry, nor has any where HEAD is no commit yet. `CustodyError` where
    one of them cannot be read, where they are larger than 64 MB together, or git does not answer.
    """
    listed = blobs(root, commit, paths)
    if sum(one.size for one in listed.values()) > LARGEST:
        raise CustodyError(f"REV: holds more than {LARGEST} bytes of code and policy; it is no project of this kind")
    held = git.contents(root, [one.name for one in listed.values()])
    return {path: text for path, text in zip(listed, held, strict=True) if text is not None}


def blobs(root: Path, commit: str, paths: Sequence[str]) -> dict[str, Blob]:
    """Return what git holds of the plain files at or below `paths`, by path; `git.contents` reads it by its name.

    None where HEAD is no commit yet. `CustodyError` where git does not answer, an object is missing or damaged, or a
    path leads elsewhere.
    """
    listed = git.answer(root, "ls-tree", "-r", "-z", "--long", commit, "--", *paths)
    if listed is None and commit == "HEAD" and not has_commit(root):
        return {}
    if listed is None:
        raise git.unreadable()
    found: dict[str, Blob] = {}
    for head, path in (line.split(b"\t", 1) for line in listed.split(b"\0") if line):
        mode, kind, name, size = head.split()
        if kind == b"blob" and mode != b"120000":
            if not size.isdigit():  # BAD: the object is missing or damaged
                raise git.unreadable()
            found[_inside(os.fsdecode(path))] = Blob(name.decode(), int(size))
    return found


def _inside(path: str) -> str:
    """Return a path; `CustodyError` where it climbs: git makes none such, but whoever writes objects by hand does."""
    if not {"", ".", ".."}.isdisjoint(path.split("/")):
        raise CustodyError("git: a commit names a file outside its folder, as git itself never does; see: git fsck")
    return path


def holds(root: Path, commit: str, paths: Sequence[str]) -> bool:
    """Say whether a commit has anything at or below `paths` of the project at `root`.

    `CustodyError` where git does not answer, or where an object is missing or damaged.
    """
    return bool(git.must(root, "ls-tree", "--name-only", "-z", commit, "--", *paths))


def is_recorded(root: Path, paths: Sequence[str]) -> bool:
    """Say whether HEAD, or what may be the main branch, has anything at or below `paths`; errors are those of `holds`.

    A branch that is checked out is HEAD, and is not asked again.
    """
    return holds(root, "HEAD", paths) or any(holds(root, commit, paths) for commit in _mains(root))


def names(root: Path, refs: Sequence[str]) -> frozenset[str]:
    """Return those of the references that there may be: all of them where git cannot list them."""
    listed = git.answer(root, "for-each-ref", "--format=%(refname)", *refs)
    return frozenset(refs if listed is None else listed.decode().split())


def _mains(root: Path) -> list[str]:
    """Return the commits of what may be the main branch, but for that of a branch that is checked out."""
    listed = git.must(root, "for-each-ref", "--format=%(HEAD)%(objectname)", *MAIN).decode().splitlines()
    here = {row[1:] for row in listed if row.startswith("*")}
    return sorted({row[1:] for row in listed} - here)


def is_shallow(root: Path) -> bool:
    """Say whether history was cut off."""
    return (git.answer(root, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"


def has_commit(root: Path) -> bool:
    """Say whether `root` lies in a repository that has a commit."""
    return commit_of(root, "HEAD") is not None


def beginning(root: Path) -> str | None:
    """Return the first commit of HEAD's first-parent line, which tells a repository from another in every clone of it.

    None where history was cut off, or where there is no commit.
    """
    if is_shallow(root):
        return None
    if not has_commit(root):
        return None
    said = git.must(root, "rev-list", "--max-parents=0", "--first-parent", "HEAD")
    return said.decode("ascii", "replace").strip() or None


def history(root: Path, since: str, until: str, path: str) -> list[str]:
    """Return the commits that changed `path` after `since` up to `until`, newest first.

    `CustodyError` where one on the way cannot be read.
    """
    said = git.must(root, "rev-list", f"{since}..{until}", "--", path)
    return said.decode("ascii", "replace").split()
