"""Which commits changed a file, and into what: read with one git, no content of a file among it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from custody.repository import git, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_MAIN_LINE: Final = ("--first-parent", "--diff-merges=first-parent")
AT_ONCE: Final = 1000
"""Files that are held together."""
_EVERYWHERE: Final = ("--all", "--diff-merges=separate")


class Change(NamedTuple):
    """A commit that changed a file that was asked for."""

    commit: str
    day: str
    """The day it was committed, as its author's clock has it: YYYY-MM-DD."""
    blobs: Mapping[str, str | None]
    """Files that it changed, by name: the id of the new content, None where it removed the file."""


def changes(root: Path, names: Sequence[str], *, everywhere: bool = False) -> tuple[Change, ...]:
    """Return the commits on the way to HEAD that changed a file of `names`, newest first.

    Names are relative to `root`; a folder stands for all below it. A merge counts with what it brought into the line
    that it was made on; with `everywhere` all branches and tags are looked at, and each of a merge's sides. Nothing
    where there is no commit; `CustodyError` where git does not answer, where one of them cannot be read, or where this
    is no repository.
    """
    line = _EVERYWHERE if everywhere else _MAIN_LINE
    form = (
        "--raw",
        "--no-ext-diff",
        "--no-textconv",
        "--no-abbrev",
        "--no-renames",
        "--root",
        "--no-color",
        "--relative",
        "--format=%H %cs",
    )
    said = git.answer(root, "log", *line, *form, "--", *names)
    if said is None and git.answer(root, "rev-parse", "--git-dir") is None:
        raise git.no_repository()
    if said is None and tree.has_commit(root):
        raise git.unreadable()
    found: list[tuple[str, str, dict[str, str | None]]] = []
    for row in (said or b"").decode(errors="replace").splitlines():
        if row.startswith(":"):
            head, _, name = row.partition("\t")
            blob = head.split(" ")[3]
            found[-1][2][name] = blob if blob.strip("0") else None
        elif row:
            commit, _, day = row.partition(" ")
            found.append((commit, day, {}))
    return tuple(Change(commit, day, blobs) for commit, day, blobs in found if blobs)


def line_of(root: Path) -> list[str]:
    """Return the commits on HEAD's first-parent line, newest first."""
    if not tree.has_commit(root):
        return []
    return git.must(root, "rev-list", "--first-parent", "HEAD").decode("ascii", "replace").split()


def tags(root: Path) -> dict[str, list[str]]:
    """Return the names of all tags, in their order, by the commit that each leads to."""
    form = "--format=%(objectname) %(*objectname) %(refname:strip=2)"
    found: dict[str, list[str]] = {}
    for row in (git.answer(root, "for-each-ref", form, "refs/tags") or b"").decode(errors="replace").splitlines():
        named, peeled, name = row.split(" ", 2)
        found.setdefault(peeled or named, []).append(name)
    return found


def ever(root: Path, commit: str, folder: str) -> Iterator[bytes]:
    """Yield the content of every file that a commit or its ancestors ever had below `folder`, each once, few at a time.

    `CustodyError` where one of them cannot be read.
    """
    said = git.must(root, "rev-list", "--objects", "--full-history", commit, "--", folder)
    names = [row.split(" ", 1)[0] for row in said.decode(errors="replace").splitlines() if " " in row]
    for start in range(0, len(names), AT_ONCE):
        yield from (text for text in git.contents(root, names[start : start + AT_ONCE]) if text is not None)
