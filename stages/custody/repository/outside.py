"""Where secrets and plain records may be written: in no project, and in no work tree of git or DVC."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from custody.errors import CustodyError

MARKS: Final = (".git", ".dvc", "params.yaml")
"""What a folder holds that git or DVC publishes from; `.git` is a file in a worktree and in a submodule."""


def refuse_inside(target: Path, what: str) -> None:
    """Stop where `target`, which need not exist, lies in a project, whatever the working folder is.

    Links are followed. The folders above are looked at, and git is not asked: it may say no for other reasons.
    """
    named, led = Path(os.path.realpath(target.parent)) / target.name, Path(os.path.realpath(target))
    above = {named, *named.parents, led, *led.parents}
    if any(os.path.lexists(folder / mark) for folder in above for mark in MARKS):
        raise CustodyError(f"{what}: is inside a project, where git or DVC could publish it; choose a place outside")
