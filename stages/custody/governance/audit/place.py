"""Where the log of a repository stands: in the user's state folder, one folder per clone and project in it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.governance import state
from custody.repository import git

if TYPE_CHECKING:
    from pathlib import Path


def folder_of(root: Path) -> Path:
    """Return the folder of the log for the project at `root`, whether or not it exists.

    Worktrees of one clone share it. `CustodyError` where no home folder is known.
    """
    held = state.folder()
    if held is None:
        raise CustodyError("audit log: no home folder is known here; set XDG_STATE_HOME to a folder")
    return held / "audit" / hashlib.sha256(_name(root)).hexdigest()[:16]


def _name(root: Path) -> bytes:
    try:
        said = git.ask(root, "rev-parse", "--git-common-dir", "--show-prefix")
    except (OSError, subprocess.TimeoutExpired):
        said = None
    if said is None:
        return os.fsencode(root.resolve())
    common, _, prefix = os.fsdecode(said).partition("\n")
    return os.fsencode(f"{(root / common).resolve()}\n{prefix}")
