"""Questions to git: a fixed command, no prompt, no locks, an environment that does not steer it elsewhere."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

SECONDS: Final = 30
_KEPT: Final = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES"})


def ask(root: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """Return what git prints, `given` being its standard input; None where it says no.

    `OSError` or `TimeoutExpired` where it does not answer.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _KEPT}
    ran = subprocess.run(  # noqa: S603  # a list of words, no shell
        ["git", "-c", "core.quotePath=off", *arguments],  # noqa: S607  # the git that is first on PATH
        cwd=root,
        env={**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
        input=given,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    return ran.stdout if ran.returncode == 0 else None
