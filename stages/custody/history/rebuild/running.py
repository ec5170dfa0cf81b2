"""Programs that a rebuild starts: in a process group that ends with it, and an environment that steers nothing."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from custody.history.rebuild.place import Place

_DROPPED: Final = ("GIT_", "DVC_", "PYTHON", "VIRTUAL_ENV", "CONDA", "PIP_TARGET", "PIP_PREFIX", "PIP_USER")


@dataclass(frozen=True)
class Done:
    """What a program said; it may quote data and is never shown as it is."""

    status: int
    out: str = field(repr=False)
    err: str = field(repr=False)


@dataclass(frozen=True)
class Programs:
    """How programs are started in one place, with one `bin` folder first on PATH."""

    place: Place
    bin: Path

    def run(self, *command: str, cwd: Path) -> Done:
        """Run a program to its end; where this process is stopped, so is whatever the program started."""
        for name in ("tmp", "state", "site"):
            (self.place.root / name).mkdir(exist_ok=True)
        started = subprocess.Popen(  # noqa: S603  # a list of words, no shell
            command,
            cwd=cwd,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=(self.place.lock,),
        )
        try:
            out, err = started.communicate()
        except BaseException:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()
            raise
        return Done(started.returncode, out, err)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
        return {
            **kept,
            "PATH": os.pathsep.join([str(self.bin), kept.get("PATH", os.defpath)]),
            "DVC_NO_ANALYTICS": "1",
            "DVC_SITE_CACHE_DIR": str(self.place.root / "site"),
            "XDG_STATE_HOME": str(self.place.root / "state"),
            "TMPDIR": str(self.place.root / "tmp"),
            "GIT_TERMINAL_PROMPT": "0",
            "PYTHONNOUSERSITE": "1",
        }
