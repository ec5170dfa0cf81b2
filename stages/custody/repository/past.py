"""Files of the project as earlier commits have them: for trends that people read. Nothing is decided on it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from custody.repository import git, tree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LARGEST: Final = 64 * 2**20
"""A file larger than this is taken as absent."""


@dataclass(frozen=True)
class Commit:
    """A commit on the way to HEAD, and what the files asked for held in it."""

    id: str
    day: str
    """The day it was committed, as its author's clock has it: YYYY-MM-DD."""
    files: dict[str, bytes] = field(repr=False)
    """Files that the commit has, by name; the others have no entry."""


def commits(root: Path, names: Sequence[str], most: int) -> tuple[Commit, ...]:
    """Return the last `most` commits on HEAD's first-parent line that changed one of `names`, oldest first.

    Names are relative to `root`. Nothing where git, a repository or a commit is lacking; `CustodyError` where an object
    of what is there is lost.
    """
    form = ("--first-parent", "--no-ext-diff", "--no-textconv", f"--max-count={most}", "--format=%H %cs")
    try:
        listed = git.ask(root, "log", *form, "--", *names)
        if listed is None and tree.has_commit(root):
            raise git.unreadable()
        found = [line.split(" ") for line in (listed or b"").decode(errors="replace").splitlines()]
        pairs = [(commit, name) for commit, _ in found for name in names]
        held = _contents(root, pairs)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(
        Commit(commit, day, {name: held[commit, name] for name in names if (commit, name) in held})
        for commit, day in reversed(found)
    )


def _contents(root: Path, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    asked = [(commit, name) for commit, name in wanted if "\n" not in name]
    held = git.contents(root, [f"{commit}:./{name}" for commit, name in asked])
    return {one: text for one, text in zip(asked, held, strict=True) if text is not None and len(text) <= LARGEST}
