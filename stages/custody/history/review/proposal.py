"""A proposal that may be anybody's: judged by what BASE holds, and told no more of than is safe.

What runs must be BASE's own code in a checkout of BASE, so that neither code nor roles nor keys come from the proposal;
of HEAD nothing is read but data. Where HEAD changes anything that could run, or is a configuration of what runs, or
comes from a fork, only what the change means is told, and no key is used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from custody.errors import CustodyError
from custody.history.review.layer import Layer
from custody.repository import git, tree

if TYPE_CHECKING:
    from pathlib import Path

From: TypeAlias = Literal["branch", "fork"]
FORK: Final = Layer(why="not computed: the proposal comes from a fork, so no key was used", needed=False)
CODE: Final = Layer(
    why="not computed: the proposal changes code, so nothing of it was run and no key was used", needed=False
)
_DATA: Final = re.compile(r"params\.yaml|dvc\.lock|\.custody/.*|data/.*|.*\.md|LICENSE")
"""Everything else may be code, or tell code what to do."""


def only_meaning(root: Path, base: str, head: str, come_from: From) -> Layer | None:
    """Return what stands for the layers that are not computed for a proposal; None where they may be."""
    if come_from == "fork":
        return FORK
    return CODE if changes_code(root, base, head) else None


def changes_code(root: Path, base: str, head: str) -> bool:
    """Say whether HEAD changes more than policy, data and words since it left BASE; yes where nobody can tell."""
    common = git.answer(root, "merge-base", base, head)
    if common is None:
        return True
    names = ("diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", common.decode("ascii").strip(), head)
    changed = git.must(root, *names).decode(errors="replace").split("\0")
    return any(name and not _DATA.fullmatch(name) for name in changed)


def at_base(root: Path, base: str, code: Path) -> None:
    """Stop where the work tree is not BASE, unchanged, or `code`, which runs, is not its own."""
    if tree.commit_of(root, "HEAD") != base:
        raise CustodyError(
            "BASE: is not checked out here, and a proposal is judged by BASE's code alone; "
            "run: git checkout --detach BASE"
        )
    if git.must(root, "status", "--porcelain", "--untracked-files=no").strip():
        raise CustodyError("BASE: the work tree has changes, and a proposal is judged by BASE's code alone; undo them")
    if not code.resolve().is_relative_to((root / "stages").resolve()):
        raise CustodyError(
            "BASE: what runs is installed elsewhere, and a proposal is judged by BASE's code alone; "
            "run: PYTHONPATH=stages python -m custody.cli review"
        )
