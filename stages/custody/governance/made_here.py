"""Which releases were made in this workspace: marks in the user's state folder, so that no stage output tells.

The folder is `made` in the state folder. A mark is an empty file named by the SHA-256 of a release's statement.
"""

from __future__ import annotations

from custody.governance import state


def mark(statement: str) -> bool:
    """Remember that the release of this statement was made here; False where that cannot be written."""
    folder = state.folder()
    if folder is None:
        return False
    try:
        (folder / "made").mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "made" / statement).touch(mode=0o600)
    except OSError:
        return False
    return True


def is_marked(statement: str) -> bool:
    """Say whether the release of this statement was made here."""
    folder = state.folder()
    return folder is not None and (folder / "made" / statement).is_file()
