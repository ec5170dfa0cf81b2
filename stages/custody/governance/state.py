"""The user's state folder (XDG Base Directory): `custody` in `XDG_STATE_HOME`, else in `~/.local/state`."""

from __future__ import annotations

import os
from pathlib import Path


def folder() -> Path | None:
    """Return Custody's folder for the user's state, whether or not it exists; None where no home is known."""
    named = os.environ.get("XDG_STATE_HOME")
    try:
        return (Path(named) if named else Path.home() / ".local" / "state") / "custody"
    except RuntimeError:
        return None
